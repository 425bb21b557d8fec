import type { INodeExecutionData } from 'n8n-workflow';

import { BINARY_MODE } from '../support/inProcessN8n';
import { fileOf, refusalOf, refused, submitAll } from '../support/inputs';
import { mediaFile } from '../support/mediaFiles';
import { SAMPLE_BODY } from '../support/parameters';

const JPEG = mediaFile('portrait.jpg');
const MP4 = mediaFile('usual.mp4');
const IMAGE_TODO = 'Correct “Image Input Binary Field”.';
const EXPRESSION_TODO = 'Check the field names in the expression, including upper and lower case.';

/** The item of a form with two file fields. */
async function form(): Promise<Required<Pick<INodeExecutionData, 'binary'>>> {
	return {
		binary: {
			Image: await fileOf(JPEG, 'char.png', 'image/png'),
			Video: await fileOf(MP4, 'motion.mp4', 'video/mp4'),
		},
	};
}

describe('a field that holds no file', () => {
	it.each<[unknown, string]>([
		['image', 'image'],
		['IMAGE', 'IMAGE'],
		['Image.png', 'Image.png'],
		['Image,Video', 'Image,Video'],
		['"Image"', '"Image"'],
		['char.png', 'char.png'],
		['$binary.Image', '$binary.Image'],
		['={{ "data" }}', 'data'],
		['={{ 0 }}', '0'],
		['={{ false }}', 'false'],
		['__proto__', '__proto__'],
		['constructor', 'constructor'],
		['toString', 'toString'],
	])('%j: the item tells which fields do', async (imageBinaryProperty, named) => {
		const message = `The item has no file in the field “${named}”. It has: Image (char.png), Video (motion.mp4).`;
		const refusal = await refusalOf({ imageSource: 'binary', imageBinaryProperty }, await form());
		expect(refusal).toEqual(refused(message, IMAGE_TODO));
	});

	it.each<[string, INodeExecutionData['binary'] | object, string]>([
		['no binary data', undefined, 'It has no files at all.'],
		['an empty one', {}, 'It has no files at all.'],
		['null for a file', { image: null }, 'It has no files at all.'],
		['undefined for a file', { image: undefined, data: null }, 'It has no files at all.'],
		['a file without a name', { data: { data: 'AAAA', mimeType: 'image/png' } }, 'It has: data (image/png).'],
		['a file without a name and a type', { data: { data: 'AAAA' } }, 'It has: data (no name).'],
		['null beside a file', { image: null, a: { data: 'AAAA', fileName: 'a.png' } }, 'It has: a (a.png).'],
		[
			'many files',
			Object.fromEntries(
				Array.from({ length: 12 }, (_, index) => [`f${index}`, { data: 'AAAA', fileName: `${index}.png` }]),
			),
			'It has: f0 (0.png), f1 (1.png), f2 (2.png), f3 (3.png), f4 (4.png), f5 (5.png), f6 (6.png), f7 (7.png), f8 (8.png), f9 (9.png) and 2 more.',
		],
	])('an item with %s', async (_what, binary, has) => {
		const refusal = await refusalOf({ imageSource: 'binary' }, { binary: binary as INodeExecutionData['binary'] });
		expect(refusal).toEqual(refused(`The item has no file in the field “image”. ${has}`, IMAGE_TODO));
	});

	it('of the video, by its own name', async () => {
		const refusal = await refusalOf({ videoSource: 'binary' }, await form());
		const message = 'The item has no file in the field “video”. It has: Image (char.png), Video (motion.mp4).';
		expect(refusal).toEqual(refused(message, 'Correct “Video Input Binary Field”.'));
	});

	it('of the second item, by its number', async () => {
		const input = [
			{ json: {}, ...(await form()) },
			{ json: {}, binary: { Video: (await form()).binary.Video } },
		];
		const parameters = { imageSource: 'binary', imageBinaryProperty: 'Image' };
		const message = 'The item has no file in the field “Image”. It has: Video (motion.mp4).';
		expect(await refusalOf(parameters, {}, { input })).toEqual({ ...refused(message, IMAGE_TODO), item: 1 });
	});
});

describe('a field of the wrong kind', () => {
	it.each([
		['image', 'Video', 'Image Input Binary Field must name an image, but “Video” is video/mp4'],
		['video', 'Image', 'Video Input Binary Field must name a video, but “Image” is image/jpeg'],
	])('%s: %s', async (name, field, message) => {
		const refusal = await refusalOf({ [`${name}Source`]: 'binary', [`${name}BinaryProperty`]: field }, await form());
		const label = message.slice(0, message.indexOf(' must'));
		expect(refusal).toEqual(refused(message, `Correct “${label}”, or check the node that the file comes from.`));
	});
});

describe('what is no name of a field', () => {
	it.each<[string, string, string]>([
		['={{ ["Image"] }}', 'must be text, not a list', IMAGE_TODO],
		['={{ {} }}', 'must be text, not an object', IMAGE_TODO],
		['={{ $binary }}', 'must be text, not an object', IMAGE_TODO],
		['={{ "" }}', 'is empty', IMAGE_TODO],
		[' \u200B', 'is empty', IMAGE_TODO],
		['={{ $json.field }}', 'is empty: its expression gave undefined', EXPRESSION_TODO],
		['={{ $binary.image }}', 'is empty: its expression gave undefined', EXPRESSION_TODO],
		['={{ null }}', 'is empty: its expression gave null', EXPRESSION_TODO],
	])('%j', async (imageBinaryProperty, problem, todo) => {
		const refusal = await refusalOf({ imageSource: 'binary', imageBinaryProperty }, await form());
		expect(refusal).toEqual(refused(`Image Input Binary Field ${problem}`, todo));
	});
});

it('takes the name of a field however it comes, and the file itself', async () => {
	const names = [
		'Image',
		' Image\n',
		'\u200BImage\uFEFF',
		'Im\u00ADage',
		'={{ "Image" }}',
		'={{ Object.keys($binary)[0] }}',
		'={{ $json.field }}',
		// without an ID, n8n leaves nothing of the file in $binary
		...(BINARY_MODE === 'filesystem' ? ['={{ $binary.Image }}'] : []),
		'={{ $("Start").item.binary.Image }}',
		'={{ $input.item.binary.Image }}',
	];
	for (const imageBinaryProperty of names) {
		const input = [{ json: { field: ' Image' }, ...(await form()) }];
		const { outcomes } = await submitAll(input, { imageSource: 'binary', imageBinaryProperty });
		expect(outcomes[0]).toMatchObject({ image: `{"data_urls":["data:image/jpeg;base64,${JPEG.toString('base64')}"]}` });
		expect(JSON.parse(outcomes[0]?.body ?? '')).toMatchObject({ video_url: SAMPLE_BODY.video_url });
	}
});

it('takes numbers and odd words for fields that are called so', async () => {
	for (const field of ['0', '5', 'image 1', 'Bild (Größe)', 'hasOwnProperty', '👩‍🎤', 'a.b']) {
		const input = [{ json: {}, binary: { [field]: await fileOf(JPEG, 'a', '') } }];
		const { outcomes } = await submitAll(input, { imageSource: 'binary', imageBinaryProperty: field });
		expect(outcomes[0]?.image).toBe(`{"data_urls":["data:image/jpeg;base64,${JPEG.toString('base64')}"]}`);
	}
});

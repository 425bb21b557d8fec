import { motionFields, readOrder } from '../../../../nodes/KlingMotionControl/parameters/motion';
import { SAMPLE, SAMPLE_BODY } from '../../../support/parameters';
import { mediaFile } from '../../../support/mediaFiles';
import { itemOf, refusal } from '../../../support/itemOf';

const BARE = { ...SAMPLE, prompt: 'p', imageUrl: '', videoUrl: undefined };

const read = async (given: object) => await readOrder(itemOf({ parameters: { ...BARE, ...given } }).item);
const bodyOf = async (given: object) => (await read(given)).body;

describe('the request body', () => {
	it('is the documented sample', async () => {
		expect(await bodyOf(SAMPLE)).toStrictEqual(SAMPLE_BODY);
	});

	it('has the fields that were given and no other', async () => {
		expect(await bodyOf({})).toStrictEqual({ prompt: 'p', character_orientation: 'video', keep_original_sound: true });
		expect(Object.keys(await bodyOf({ imageUrl: null, videoUrl: ' ' }))).toEqual([
			'prompt',
			'character_orientation',
			'keep_original_sound',
		]);
		expect(await bodyOf({ imageUrl: 'http://a.test/i', videoUrl: 'HTTPS://a.test/v ' })).toStrictEqual({
			prompt: 'p',
			character_orientation: 'video',
			image_url: 'http://a.test/i',
			keep_original_sound: true,
			video_url: 'https://a.test/v',
		});
		expect((await bodyOf({ characterOrientation: 'image' })).character_orientation).toBe('image');
	});

	it('keeps the prompt as it was typed', async () => {
		expect((await bodyOf({ prompt: ' a\nb ' })).prompt).toBe(' a\nb ');
	});

	it.each([
		[true, true],
		[false, false],
		['true', true],
		['false', false],
	])('takes %p as a boolean', async (given, sent) => {
		expect((await bodyOf({ keepOriginalSound: given })).keep_original_sound).toBe(sent);
	});
});

const NOTHING = 'is empty: its expression gave undefined';
const MODELS = 'Model must be one of Kling 2.6 Standard Motion Control, Kling 2.6 Pro Motion Control, not';

it.each<[object, string]>([
	[{ prompt: undefined }, `Prompt ${NOTHING}`],
	[{ prompt: [] }, 'Prompt must be text, not an empty list'],
	[{ prompt: { a: 1 } }, 'Prompt must be text, not an object'],
	[{ prompt: '' }, 'Prompt is empty'],
	[{ prompt: ' \n\u200B' }, 'Prompt is empty'],
	[{ characterOrientation: 'sideways' }, 'Character Orientation must be one of Image, Video, not “sideways”'],
	[{ characterOrientation: undefined }, `Character Orientation ${NOTHING}`],
	[{ keepOriginalSound: 2 }, 'Keep Original Sound must be true or false, not 2'],
	[{ keepOriginalSound: undefined }, `Keep Original Sound ${NOTHING}`],
	[{ imageUrl: 5 }, 'Image URL must be a URL, not 5'],
	[{ videoUrl: 'javascript:alert(1)' }, 'Video URL must be a URL that begins with https://, not javascript:'],
	[{ model: 'kling-2.6' }, `${MODELS} “kling-2.6”`],
	[{ model: undefined }, `Model ${NOTHING}`],
])('refuses %j', async (given, message) => {
	const error = await refusal(() => read(given));
	expect(error.message).toBe(message);
	expect(error.details).toEqual({
		description: expect.stringMatching(/ Nothing was sent to Segmind for this item\. This item was not charged\.$/),
		accepted: 'no',
	});
});

it.each<[object, object]>([
	[{ prompt: 5 }, { prompt: '5' }],
	[{ characterOrientation: 'Image' }, { character_orientation: 'image' }],
	[{ keepOriginalSound: 'FALSE' }, { keep_original_sound: false }],
	[{ keepOriginalSound: 0 }, { keep_original_sound: false }],
])('takes %j', async (given, sent) => expect(await bodyOf(given)).toMatchObject(sent));

it('warns of a prompt that is longer than others take', async () => {
	const { item, hints } = itemOf({ parameters: { ...BARE, prompt: 'x'.repeat(2_501) } });
	await readOrder(item);
	expect(hints).toContain('0: The prompt has 2,501 characters: Kling takes at most 2,500.');
});

it.each(['kling-2.6-standard-motion-control', 'kling-2.6-pro-motion-control'])('knows the model %s', async (model) => {
	expect(await read({ model })).toMatchObject({ model, files: {} });
});

it('keeps files apart from the body, whose URLs come later', async () => {
	const file = (name: string) => ({ mimeType: '', data: mediaFile(name).toString('base64') });
	const binary = { image: file('picture.png'), clip: file('3s.mp4') };
	const { item } = itemOf({
		parameters: { ...BARE, imageSource: 'binary', videoSource: 'binary', videoBinaryProperty: 'clip' },
		binary,
	});
	const { body, files } = await readOrder(item);
	expect(Object.keys(body)).toEqual(['prompt', 'character_orientation', 'keep_original_sound']);
	expect(files).toMatchObject({
		image: { binary: binary.image, mimeType: 'image/png', facts: { kind: 'png' } },
		video: { binary: binary.clip, mimeType: 'video/mp4', facts: { kind: 'mp4' } },
	});
});

it('has every field of the contract with its default', () => {
	expect(motionFields.map(({ name, default: given }) => [name, given])).toEqual([
		['model', 'kling-2.6-standard-motion-control'],
		['prompt', ''],
		['characterOrientation', 'video'],
		['imageSource', 'url'],
		['imageUrl', ''],
		['imageBinaryProperty', 'image'],
		['videoSource', 'url'],
		['videoUrl', ''],
		['videoBinaryProperty', 'video'],
		['keepOriginalSound', true],
	]);
});

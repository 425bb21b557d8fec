import { Workflow, type INode, type IDataObject } from 'n8n-workflow';

import { KlingMotionControl } from '../../nodes/KlingMotionControl/KlingMotionControl.node';
import { hintsOf, refusalOf, refused, submitAll } from '../support/inputs';
import { NODE_NAME } from '../support/inProcessN8n';
import { SAMPLE, SAMPLE_BODY } from '../support/parameters';
import { runSample } from '../support/sample';

const NO_IMAGE = 'Without an image the model has no character to animate.';
const NO_VIDEO = 'Without a motion video the model has nothing to transfer.';
const NAMES = 'Check the field names in the expression, including upper and lower case.';

describe('an expression that finds nothing', () => {
	const json = { photo_url: 'https://x.com/a.jpg', none: null, data: { url: 'https://x.com/b.jpg' }, list: [] };
	it.each([
		['imageUrl', 'Image URL', '={{ $json.photoUrl }}', 'undefined'],
		['imageUrl', 'Image URL', '={{ $json.Photo_url }}', 'undefined'],
		['imageUrl', 'Image URL', '={{ $json["photo-url"] }}', 'undefined'],
		['imageUrl', 'Image URL', '={{ $json.none }}', 'null'],
		['imageUrl', 'Image URL', '={{ $json.a.b.c }}', 'undefined'],
		['imageUrl', 'Image URL', '={{ $json.list[0] }}', 'undefined'],
		['imageUrl', 'Image URL', '={{ [$json.photoUrl] }}', 'undefined'],
		['imageUrl', 'Image URL', '={{ [null] }}', 'null'],
		['imageUrl', 'Image URL', '={{ String($json.photoUrl) }}', 'undefined'],
		['imageUrl', 'Image URL', '={{ $json.photoUrl }}\n', 'white space'],
		['imageUrl', 'Image URL', '= {{ $json.photoUrl }}', 'white space'],
		['imageUrl', 'Image URL', '={{ $json.photoUrl }}\u200B', 'white space'],
		['imageUrl', 'Image URL', '={{ [" "] }}', 'white space'],
		['imageUrl', 'Image URL', '={{ $json.base }}{{ $json.path }}', 'an empty text'],
		['videoUrl', 'Video URL', '={{ $json.base }}\n{{ $json.path }}', 'white space'],
		['videoUrl', 'Video URL', '={{ $json.videoUrl }}', 'undefined'],
		['videoUrl', 'Video URL', '={{ $json.none }}', 'null'],
		['videoUrl', 'Video URL', '={{ $json.videoUrl }} ', 'white space'],
		['prompt', 'Prompt', '={{ $json.prompt }}', 'undefined'],
		['prompt', 'Prompt', '={{ $json.none }}', 'null'],
		['prompt', 'Prompt', '={{ String($json.prompt) }}', 'undefined'],
		['prompt', 'Prompt', '={{ String(Number($json.prompt)) }}', 'NaN'],
		['model', 'Model', '={{ $json.model }}', 'undefined'],
		['characterOrientation', 'Character Orientation', '={{ $json.o }}', 'undefined'],
		['keepOriginalSound', 'Keep Original Sound', '={{ $json.sound }}', 'undefined'],
		['keepOriginalSound', 'Keep Original Sound', '={{ $json.none }}', 'null'],
		['imageSource', 'Image Source', '={{ $json.source }}', 'undefined'],
		['videoSource', 'Video Source', '={{ $json.none }}', 'null'],
	])('%s: %s %j gives %s', async (parameter, label, expression, gave) => {
		const refusal = await refusalOf({ [parameter]: expression }, { json });
		const { todo, ...rest } = refused(`${label} is empty: its expression gave ${gave}`, NAMES);
		expect(refusal).toEqual({ ...rest, todo: expect.stringMatching(/^Check .*expression/) as unknown });
		expect([todo, "Check the field's name in the expression."]).toContain(refusal.todo);
	});

	it.each([
		['apiMode', 'API Mode'],
		['binaryPropertyName', 'Put Output File in Field'],
		['checkUrls', 'Check URLs'],
		['downloadVideo', 'Download Video'],
		['fileName', 'File Name'],
		['maxConcurrency', 'Max Concurrency'],
		['maxRequests', 'Max Paid Requests'],
		['pollInterval', 'Poll Interval (Seconds)'],
		['reuseWithin', 'Reuse Within (Hours)'],
		['timeout', 'Timeout (Minutes)'],
	])('in the option %s', async (option, label) => {
		const refusal = await refusalOf({ options: { checkUrls: false, [option]: '={{ $json.nope }}' } }, { json });
		expect(refusal).toEqual(refused(`${label} is empty: its expression gave undefined`, NAMES));
	});

	it('in the second of three items: none of them is bought', async () => {
		const input = [
			{ json: { url: SAMPLE.imageUrl } },
			{ json: { URL: SAMPLE.imageUrl } },
			{ json: { url: SAMPLE.imageUrl } },
		];
		const refusal = await refusalOf({ imageUrl: '={{ $json.url }}' }, {}, { input });
		expect(refusal).toEqual({ ...refused('Image URL is empty: its expression gave undefined', NAMES), item: 1 });
	});

	it('in n8n, by its own words', async () => {
		const refusal = await refusalOf({ imageUrl: '={{ $("Nope").item.json.x }}' });
		expect(refusal).toEqual({ message: "Referenced node doesn't exist", todo: undefined, item: 0, sent: [] });
	});
});

describe('a field that was left empty', () => {
	const { image_url, video_url, ...neither } = SAMPLE_BODY;
	it.each([
		['the image', { imageUrl: '' }, { ...neither, video_url }, [NO_IMAGE]],
		['the video', { videoUrl: '' }, { ...neither, image_url }, [NO_VIDEO]],
		['both', { imageUrl: '', videoUrl: '' }, neither, [NO_IMAGE, NO_VIDEO]],
		['a blank', { imageUrl: ' ' }, { ...neither, video_url }, [NO_IMAGE]],
		['a line break', { videoUrl: '\n' }, { ...neither, image_url }, [NO_VIDEO]],
		['what nobody sees', { imageUrl: '\u200B\uFEFF' }, { ...neither, video_url }, [NO_IMAGE]],
		['an empty cell', { imageUrl: '={{ $json.cell }}' }, { ...neither, video_url }, [NO_IMAGE]],
	])('%s: is not sent, with a hint', async (_what, parameters, body, hints) => {
		const { outcomes } = await submitAll([{ json: { cell: '' } }], parameters);
		expect(JSON.parse(outcomes[0]?.body ?? '')).toEqual(body);
		expect(outcomes[0]?.hints).toEqual(hints);
	});

	it('in several items: one hint', async () => {
		const cells = ['', 'https://x.com/a.jpg', '', ''].map((cell) => ({ json: { cell } }));
		const result = await runSample(
			{},
			{ operation: 'submit', imageUrl: '={{ $json.cell }}', options: { checkUrls: false } },
			{ input: cells },
		);
		await result.server.close();
		expect(hintsOf(result)).toEqual([`Items 0, 2 and 3: ${NO_IMAGE}`]);
		expect(result.server.segmind.posts).toHaveLength(4);
	});
});

describe('a source that n8n does not know hides the field of its URL', () => {
	it.each([
		['imageSource', 'Image Source', 'URL', 'url'],
		['imageSource', 'Image Source', ' url', 'url'],
		['videoSource', 'Video Source', 'Url', 'url'],
		['videoSource', 'Video Source', 'File From Previous Node', 'binary'],
	])('%s: %s %j', async (parameter, label, given, source) => {
		const todo = `Choose “${label}” again: for other values n8n leaves out the field below it.`;
		const message = `${label} must be ${source}, not “${given.trim()}”`;
		expect(await refusalOf({ [parameter]: given })).toEqual(refused(message, todo));
	});

	it('unless it comes by an expression', async () => {
		for (const source of ['URL', ' Url\n', 'url']) {
			const { outcomes } = await submitAll([{ json: { source } }], { imageSource: '={{ $json.source }}' });
			expect(JSON.parse(outcomes[0]?.body ?? '')).toEqual(SAMPLE_BODY);
		}
	});
});

describe('before the run the editor hints at', () => {
	it.each<[string, IDataObject, string[]]>([
		['an empty Image URL', { imageUrl: '' }, [NO_IMAGE]],
		['an empty Video URL', { videoUrl: '' }, [NO_VIDEO]],
		['both', { imageUrl: '', videoUrl: '' }, [NO_IMAGE, NO_VIDEO]],
		['an empty Image URL of Submit Request', { operation: 'submit', imageUrl: '' }, [NO_IMAGE]],
		['nothing where both are there', {}, []],
		['nothing where an expression is not resolved yet', { imageUrl: '={{ $json.url }}' }, []],
		['nothing where the image is a file', { imageSource: 'binary', imageUrl: '' }, []],
		['nothing for Get Video', { operation: 'getVideo', imageUrl: '', videoUrl: '' }, []],
		['nothing for Get Credit Balance', { operation: 'getCredits', imageUrl: '', videoUrl: '' }, []],
	])('%s', (_what, parameters, messages) => {
		const nodeType = new KlingMotionControl();
		const getNodeType = () => nodeType;
		const node: INode = {
			id: 'b',
			name: NODE_NAME,
			type: 'n',
			typeVersion: 1,
			position: [0, 0],
			parameters: { ...SAMPLE, ...parameters } as INode['parameters'],
		};
		const nodeTypes = { getByName: getNodeType, getByNameAndVersion: getNodeType, getKnownTypes: () => ({}) };
		const workflow = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes });
		const isShown = (condition = '') => {
			try {
				return workflow.expression.getSimpleParameterValue(node, condition, 'internal', {}) === true;
			} catch {
				// as the editor does
				return false;
			}
		};
		const shown = nodeType.description.hints?.filter(({ displayCondition }) => isShown(displayCondition));
		const texts = shown?.map(({ message }) => message).filter((message) => [NO_IMAGE, NO_VIDEO].includes(message));
		expect(texts).toEqual(messages);
		expect(shown?.every(({ whenToDisplay }) => whenToDisplay === 'beforeExecution')).toBe(true);
	});
});

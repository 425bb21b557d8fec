import type { INodeProperties } from 'n8n-workflow';

import type { Order } from '../jobs/order';
import { MODELS, type Model } from '../segmind/models';
import type { CharacterOrientation } from '../segmind/types';
import { emptyExpression, invalid, present, valueOf } from './invalid';
import type { ItemInput } from './itemInput';
import { EXPRESSION, unevaluated } from './mistaken';
import type { Problem } from './reading';
import { readReference, referenceFields } from './reference';
import { visible } from './visible';
import { readBoolean, readChoice, readText } from './words';

/** The fields of the model, as its document has them (docs/segmind-api.md, "The model"). */
export const motionFields: INodeProperties[] = [
	{
		displayName: 'Model',
		name: 'model',
		type: 'options',
		default: 'kling-2.6-standard-motion-control',
		description: 'The model that makes the video',
		options: Object.entries(MODELS)
			.map(([value, { name, about }]) => ({ name, value, description: about }))
			.sort((a, b) => a.name.localeCompare(b.name)),
	},
	{
		displayName: 'Prompt',
		name: 'prompt',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		required: true,
		placeholder: 'e.g. cat and dog are dancing.',
		description: 'The scene and its effects. The movement itself comes from the video, the character from the image.',
	},
	{
		displayName: 'Character Orientation',
		name: 'characterOrientation',
		type: 'options',
		default: 'video',
		description: 'Whether the character faces as in the image or as in the video',
		options: [
			{
				name: 'Image',
				value: 'image',
				description: 'For static views. The motion video can be up to 10 seconds long.',
			},
			{
				name: 'Video',
				value: 'video',
				description: 'For dynamic movement. The motion video can be up to 30 seconds long.',
			},
		],
	},
	...referenceFields({
		name: 'image',
		what: 'an image of the character: JPG or PNG, whole body in view',
		sample:
			'https://segmind-resources.s3.amazonaws.com/output/ada5c480-9051-4852-beac-cc6c6a17184f-kling-motion-std-ip-image.jpeg',
	}),
	...referenceFields({
		name: 'video',
		what: 'a video of the motion: MP4 or MOV, 3 to 30 seconds (10 with orientation Image), whole body in view',
		sample:
			'https://segmind-resources.s3.amazonaws.com/output/de918869-2e43-4bc1-9894-a888f465ec0c-kling-motion-std.mp4',
	}),
	{
		displayName: 'Keep Original Sound',
		name: 'keepOriginalSound',
		type: 'boolean',
		default: true,
		description: 'Whether to keep the sound of the motion video in the finished video',
	},
];

/** In characters: what other hosts of the model take at most. */
const LONGEST_PROMPT = 2_500;
const MODEL_CHOICES = Object.entries(MODELS).map(([value, { name }]) => ({ value, label: name }));
const ORIENTATION_CHOICES = [
	{ value: 'image', label: 'Image' },
	{ value: 'video', label: 'Video' },
];

/**
 * What an item asks for. Sends nothing.
 * @throws SegmindError of kind `input` that names the parameter at fault
 */
export async function readOrder(item: ItemInput): Promise<Order> {
	const model = readModel(item);
	const prompt = readPrompt(item);
	const orientation = readOrientation(item);
	const sound = readSound(item);
	const image = await readReference(item, 'image', orientation);
	const video = await readReference(item, 'video', orientation);
	return {
		model,
		body: {
			prompt,
			character_orientation: orientation,
			keep_original_sound: sound,
			...(image.url && { image_url: image.url }),
			...(video.url && { video_url: video.url }),
		},
		files: { ...(image.file && { image: image.file }), ...(video.file && { video: video.file }) },
	};
}

function readSound(item: ItemInput): boolean {
	const given = present('Keep Original Sound', item.parameter('keepOriginalSound'));
	return valueOf('Keep Original Sound', readBoolean(given));
}

function readModel(item: ItemInput): Model {
	const given = present('Model', item.parameter('model'));
	return valueOf('Model', readChoice(given, MODEL_CHOICES)) as Model;
}

function readPrompt(item: ItemInput): string {
	const prompt = valueOf('Prompt', readText(present('Prompt', item.parameter('prompt'))));
	if (!visible(prompt).trim()) throw invalid('Prompt', 'is empty');
	const expression = item.expression('prompt');
	const bare = prompt.trim();
	if (expression !== undefined && ['undefined', 'NaN'].includes(bare)) throw emptyExpression('Prompt', bare);
	const problem = (expression === undefined ? unevaluated(prompt) : unfound(prompt, expression)) ?? stringified(prompt);
	if (problem) throw invalid('Prompt', problem.problem, problem.todo);
	const { length } = [...prompt];
	if (length > LONGEST_PROMPT) {
		const [told, most] = [length, LONGEST_PROMPT].map((count) => count.toLocaleString('en-US'));
		item.warn(`The prompt has ${told} characters: Kling takes at most ${most}.`);
	}
	return prompt;
}

/** Says so where a part of an expression found nothing, which JavaScript writes as a word. */
function unfound(text: string, expression: string): Problem | undefined {
	const isWord = /(?<![\p{L}\p{N}_])undefined(?![\p{L}\p{N}_])/u;
	if (!isWord.test(text) || isWord.test(expression)) return undefined;
	return { problem: 'contains “undefined”: a part of its expression found nothing', todo: EXPRESSION };
}

/** Says so where an expression in the middle of a text gave an object, of which nothing else is left. */
function stringified(text: string): Problem | undefined {
	if (!text.includes('[object Object]')) return undefined;
	const todo = 'Use a field of the object in the expression, such as {{ $json.scene.text }}.';
	return { problem: 'contains “[object Object]”: its expression gave an object', todo };
}

function readOrientation(item: ItemInput): CharacterOrientation {
	const given = present('Character Orientation', item.parameter('characterOrientation'));
	return valueOf('Character Orientation', readChoice(given, ORIENTATION_CHOICES)) as CharacterOrientation;
}

import type { INodeProperties } from 'n8n-workflow';

import type { Run } from '../jobs/run';
import { model as modelOf, motionRequest } from '../segmind/request';
import { MODELS, type Model, type MotionRequest } from '../segmind/types';
import { readReference, referenceFields } from './reference';

/** The fields of the model, as its document has them (segmind-api.md, "The model"). */
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
		description:
			'What the scene shows and which effects it has. The movement itself comes from the video, the character from the image.',
	},
	{
		displayName: 'Character Orientation',
		name: 'characterOrientation',
		type: 'options',
		default: 'video',
		description: 'Which of the two references the character is turned like: the image or the video',
		options: [
			{
				name: 'Image',
				value: 'image',
				description: 'For static views. The motion video may be 10 seconds long at most.',
			},
			{
				name: 'Video',
				value: 'video',
				description: 'For dynamic movement. The motion video may be 30 seconds long at most.',
			},
		],
	},
	...referenceFields({
		label: 'Image',
		name: 'image',
		what: 'a picture of the character, JPG or PNG. A whole body with clear proportions works best. Elsewhere Kling takes 10 MB at most, 300 pixels a side at least.',
		sample:
			'https://segmind-resources.s3.amazonaws.com/output/ada5c480-9051-4852-beac-cc6c6a17184f-kling-motion-std-ip-image.jpeg',
	}),
	...referenceFields({
		label: 'Video',
		name: 'video',
		what: 'a video of the motion, MP4 or MOV, 3 to 30 seconds long (10 where Character Orientation is Image). One whole body in view works best.',
		sample:
			'https://segmind-resources.s3.amazonaws.com/output/de918869-2e43-4bc1-9894-a888f465ec0c-kling-motion-std.mp4',
	}),
	{
		displayName: 'Keep Original Sound',
		name: 'keepOriginalSound',
		type: 'boolean',
		default: true,
		description: 'Whether the finished video has the sound of the motion video',
	},
];

/** What an item asks for. */
export interface Motion {
	model: Model;
	/** What is asked for, the same for the same files wherever they are uploaded to. */
	content: unknown;
	/** The request body. Uploads the files of the item. */
	request(): Promise<MotionRequest>;
}

/**
 * What an item asks for. Sends nothing.
 * @param deadline until when uploads are tried, in ms since the epoch
 * @throws SegmindError of kind `input` that names the parameter at fault
 */
export async function readMotion(run: Run, itemIndex: number, deadline: number): Promise<Motion> {
	const parameter = (name: string): unknown => run.context.getNodeParameter(name, itemIndex, undefined);
	const model = modelOf(parameter('model'));
	const image = await readReference(run, itemIndex, 'image');
	const video = await readReference(run, itemIndex, 'video');
	const known = motionRequest({
		prompt: parameter('prompt'),
		characterOrientation: parameter('characterOrientation'),
		imageUrl: image.url,
		keepOriginalSound: parameter('keepOriginalSound'),
		videoUrl: video.url,
	});
	return {
		model,
		content: [model, known, image.file?.hash, video.file?.hash],
		async request() {
			if (image.file) known.image_url = await run.uploads.url(run, image.file, deadline);
			if (video.file) known.video_url = await run.uploads.url(run, video.file, deadline);
			return known;
		},
	};
}

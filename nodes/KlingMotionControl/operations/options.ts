import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { ApiMode } from '../jobs/submit';
import { invalid } from '../segmind/request';

const MINUTE = 60_000;
/** Segmind keeps a request for an hour: a longer wait would end in nothing (segmind-api.md, "v2"). */
const LONGEST_TIMEOUT = 55;
const DEFAULT_CONCURRENCY = 5;
const API_MODES: readonly ApiMode[] = ['auto', 'async', 'sync'];

/** Option of Generate Video. */
export const apiMode: INodeProperties = {
	displayName: 'API Mode',
	name: 'apiMode',
	type: 'options',
	default: 'auto',
	description: 'How the video is asked for. The blocking way breaks where a proxy cuts long silent connections.',
	options: [
		{
			name: 'Auto',
			value: 'auto',
			description: 'Submit and poll, or one blocking request where Segmind does not offer that',
		},
		{ name: 'Blocking', value: 'sync', description: 'One request that stays open until the video is made (v1)' },
		{ name: 'Submit and Poll', value: 'async', description: 'Submit, then ask until the video is made (v2)' },
	],
};

/** Option of Generate Video and Get Video. */
export const binaryPropertyName: INodeProperties = {
	displayName: 'Put Output File in Field',
	name: 'binaryPropertyName',
	type: 'string',
	default: 'data',
	hint: 'The name of the output binary field to put the file in',
	description: 'Name of the binary field of the output item that the video is put in',
};

/** Option of Generate Video and Get Video. */
export const downloadVideo: INodeProperties = {
	displayName: 'Download Video',
	name: 'downloadVideo',
	type: 'boolean',
	default: true,
	description: 'Whether to put the video into the output item. Off: only its address, which works for 7 days.',
};

/** Option of Generate Video and Get Video. */
export const fileName: INodeProperties = {
	displayName: 'File Name',
	name: 'fileName',
	type: 'string',
	default: '',
	placeholder: 'e.g. dance.mp4',
	description: "Name of the video file. Empty: the file's own name. The extension is added where it is missing.",
};

/** Option of Generate Video; the other operations have its default. */
export const maxConcurrency: INodeProperties = {
	displayName: 'Max Concurrency',
	name: 'maxConcurrency',
	type: 'number',
	typeOptions: { minValue: 1, numberPrecision: 0 },
	default: DEFAULT_CONCURRENCY,
	description: 'How many items are worked on at the same time',
};

/** Option of Generate Video and Get Video, in seconds. */
export const pollInterval: INodeProperties = {
	displayName: 'Poll Interval',
	name: 'pollInterval',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 5,
	description: 'Seconds between two looks at the request. A look costs nothing.',
};

/** Option of Generate Video and Get Video, in minutes. */
export const timeout: INodeProperties = {
	displayName: 'Timeout',
	name: 'timeout',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: LONGEST_TIMEOUT },
	default: 30,
	description:
		'Minutes to wait for the video, at most 55 since Segmind forgets a request after an hour. A video takes about 10.',
};

/** Option of Get Video. */
export const waitForCompletion: INodeProperties = {
	displayName: 'Wait for Completion',
	name: 'waitForCompletion',
	type: 'boolean',
	default: true,
	description: 'Whether to wait until the video is made. Off: the status as it is now.',
};

/** The options of an item, checked. */
export interface Options {
	apiMode: ApiMode;
	binaryPropertyName: string;
	downloadVideo: boolean;
	fileName: string;
	/** ms */
	pollInterval: number;
	/** minutes */
	timeout: number;
	/** the same in ms */
	timeoutMs: number;
	waitForCompletion: boolean;
}

/**
 * The options of an item, with their defaults.
 * @throws SegmindError of kind `input` that names the option at fault
 */
export function readOptions(context: IExecuteFunctions, itemIndex: number): Options {
	const given = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
	const mode = API_MODES.find((known) => known === (given.apiMode ?? 'auto'));
	if (!mode) throw invalid('API Mode', `must be one of ${API_MODES.join(', ')}`);
	positive('Max Concurrency', given.maxConcurrency ?? DEFAULT_CONCURRENCY);
	const property = String(given.binaryPropertyName ?? 'data').trim();
	if (!property) throw invalid('Put Output File in Field', 'must not be empty');
	const minutes = positive('Timeout', given.timeout ?? 30);
	if (minutes > LONGEST_TIMEOUT) throw invalid('Timeout', `must be at most ${LONGEST_TIMEOUT} minutes`);
	return {
		apiMode: mode,
		binaryPropertyName: property,
		downloadVideo: given.downloadVideo !== false,
		fileName: String(given.fileName ?? '').trim(),
		pollInterval: positive('Poll Interval', given.pollInterval ?? 5) * 1_000,
		timeout: minutes,
		timeoutMs: minutes * MINUTE,
		waitForCompletion: given.waitForCompletion !== false,
	};
}

/** How many items run together: one number for the whole run, that of its first item. One that is not valid is refused with the items. */
export function readConcurrency(context: IExecuteFunctions): number {
	const given = context.getNodeParameter('options', 0, {}) as IDataObject;
	const wanted = Number(given.maxConcurrency ?? DEFAULT_CONCURRENCY);
	return wanted >= 1 ? Math.floor(wanted) : 1;
}

function positive(name: string, value: unknown): number {
	const number = typeof value === 'string' && value.trim() ? Number(value) : value;
	if (typeof number !== 'number' || !Number.isFinite(number) || number <= 0) {
		throw invalid(name, 'must be a number above 0');
	}
	return number;
}

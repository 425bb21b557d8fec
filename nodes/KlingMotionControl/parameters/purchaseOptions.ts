import type { ApiMode } from '../jobs/posts';
import { valueOf } from './invalid';
import { positive, type Option } from './options';
import { readBoolean, readChoice, readNumber } from './words';

const HOUR = 60 * 60_000;

const API_MODES: ReadonlyArray<{ value: ApiMode; label: string }> = [
	{ value: 'auto', label: 'Auto' },
	{ value: 'sync', label: 'Blocking' },
	{ value: 'async', label: 'Submit and Poll' },
];

export const apiMode: Option<ApiMode> = {
	field: {
		displayName: 'API Mode',
		name: 'apiMode',
		type: 'options',
		default: 'auto',
		description: 'How the video is requested. Blocking fails where a proxy cuts long silent connections.',
		options: [
			{
				name: 'Auto',
				value: 'auto',
				description: 'Submit and poll, or one blocking request where Segmind does not offer that',
			},
			{ name: 'Blocking', value: 'sync', description: 'One request that stays open until the video is made (v1)' },
			{ name: 'Submit and Poll', value: 'async', description: 'Submit, then ask until the video is made (v2)' },
		],
	},
	read: (given) => valueOf('API Mode', readChoice(given, API_MODES)) as ApiMode,
};

export const checkUrls: Option<boolean> = {
	field: {
		displayName: 'Check URLs',
		name: 'checkUrls',
		type: 'boolean',
		default: true,
		description: 'Whether to look at the image and video URLs before anything is bought, with one small request each',
	},
	read: (given) => valueOf('Check URLs', readBoolean(given)),
};

export const maxConcurrency: Option<number> = {
	field: {
		displayName: 'Max Concurrency',
		name: 'maxConcurrency',
		type: 'number',
		typeOptions: { minValue: 1, numberPrecision: 0 },
		default: 5,
		description: 'Number of items to process in parallel',
	},
	read: (given) => Math.max(1, Math.floor(positive('Max Concurrency', given))),
};

/** Videos. */
export const maxRequests: Option<number> = {
	field: {
		displayName: 'Max Paid Requests',
		name: 'maxRequests',
		type: 'number',
		typeOptions: { minValue: 1, numberPrecision: 0 },
		default: 50,
		description: 'Number of videos that this node may buy in one execution, retries and loops included',
	},
	read: (given) => valueOf('Max Paid Requests', readNumber(given, { min: 0, integer: true })),
};

/** The longest time that a video's URL works, in hours. */
const LONGEST_REUSE = 168;

/** ms */
export const reuseWithin: Option<number> = {
	field: {
		displayName: 'Reuse Within (Hours)',
		name: 'reuseWithin',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: LONGEST_REUSE },
		default: 0,
		description:
			'Take the video of an equal earlier request instead of buying one. 0 is off. Files match only if their upload has the same URL.',
	},
	read: (given) => valueOf('Reuse Within (Hours)', readNumber(given, { min: 0, max: LONGEST_REUSE })) * HOUR,
};

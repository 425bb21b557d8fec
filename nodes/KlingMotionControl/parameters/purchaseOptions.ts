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
		description: 'How to request the video. Blocking fails where a proxy cuts long, silent connections.',
		options: [
			{
				name: 'Auto',
				value: 'auto',
				description: 'Submit and Poll, or Blocking if Segmind does not offer it',
			},
			{ name: 'Blocking', value: 'sync', description: 'One request that stays open until the video is ready (v1)' },
			{
				name: 'Submit and Poll',
				value: 'async',
				description: 'One short request, then checks until the video is ready (v2)',
			},
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
		description: 'Whether to check the image and video URLs before buying anything, with one small request each',
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
		description: 'Max number of videos this node buys in one execution, including retries and loops',
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
			'Use the video of an earlier request with the same inputs, which is free. 0 turns this off. Files match only if their upload has the same URL.',
	},
	read: (given) => valueOf('Reuse Within (Hours)', readNumber(given, { min: 0, max: LONGEST_REUSE })) * HOUR,
};

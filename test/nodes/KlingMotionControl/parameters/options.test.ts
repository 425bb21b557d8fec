import { optionsField, readOptions } from '../../../../nodes/KlingMotionControl/parameters/options';
import * as buying from '../../../../nodes/KlingMotionControl/parameters/purchaseOptions';
import * as video from '../../../../nodes/KlingMotionControl/parameters/videoOptions';
import { itemOf, refusal } from '../../../support/itemOf';

const ALL = {
	...buying,
	binaryPropertyName: video.binaryPropertyName,
	downloadVideo: video.downloadVideo,
	fileName: video.fileName,
	pollInterval: video.pollInterval,
	timeout: video.timeout,
	waitForCompletion: video.waitForCompletion,
};
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DEFAULTS = {
	apiMode: 'auto',
	checkUrls: true,
	maxRequests: 50,
	reuseWithin: 0,
	binaryPropertyName: 'data',
	downloadVideo: true,
	fileName: '',
	maxConcurrency: 5,
	pollInterval: 5_000,
	timeout: { minutes: 30, ms: 30 * MINUTE },
	waitForCompletion: true,
};

const read = (options: unknown) => readOptions(itemOf({ parameters: { options } }).item, ALL);

it.each([undefined, null, {}, '', [], { unknown: 1 }])('has the defaults for %j', (options) =>
	expect(read(options)).toStrictEqual(DEFAULTS),
);

it.each<[object, object]>([
	[{ apiMode: 'async' }, { apiMode: 'async' }],
	[{ apiMode: 'Auto' }, { apiMode: 'auto' }],
	[{ apiMode: 'submit and poll' }, { apiMode: 'async' }],
	[{ checkUrls: 'No' }, { checkUrls: false }],
	[{ maxRequests: '60' }, { maxRequests: 60 }],
	[{ maxRequests: 0 }, { maxRequests: 0 }],
	[{ reuseWithin: 0.5 }, { reuseWithin: HOUR / 2 }],
	[{ reuseWithin: 168 }, { reuseWithin: 168 * HOUR }],
	[{ apiMode: 'sync' }, { apiMode: 'sync' }],
	[{ binaryPropertyName: ' clip ' }, { binaryPropertyName: 'clip' }],
	[{ binaryPropertyName: 5 }, { binaryPropertyName: '5' }],
	[{ downloadVideo: false }, { downloadVideo: false }],
	[{ downloadVideo: 'false' }, { downloadVideo: false }],
	[{ waitForCompletion: 'FALSE' }, { waitForCompletion: false }],
	[{ fileName: ' dance.mp4 ' }, { fileName: 'dance.mp4' }],
	[{ fileName: 5 }, { fileName: '5' }],
	[{ maxConcurrency: 3 }, { maxConcurrency: 3 }],
	[{ maxConcurrency: '3' }, { maxConcurrency: 3 }],
	[{ maxConcurrency: 3.9 }, { maxConcurrency: 3 }],
	[{ maxConcurrency: 0.5 }, { maxConcurrency: 1 }],
	[{ pollInterval: 2 }, { pollInterval: 2_000 }],
	[{ pollInterval: ' 0.05 ' }, { pollInterval: 50 }],
	[{ timeout: 1 }, { timeout: { minutes: 1, ms: MINUTE } }],
	[{ timeout: '0.5' }, { timeout: { minutes: 0.5, ms: MINUTE / 2 } }],
	[{ timeout: 55 }, { timeout: { minutes: 55, ms: 55 * MINUTE } }],
	[{ waitForCompletion: false }, { waitForCompletion: false }],
])('reads %j', (options, values) => expect(read(options)).toStrictEqual({ ...DEFAULTS, ...values }));

const NUMBERS: Array<[name: string, label: string, range: string]> = [
	['maxConcurrency', 'Max Concurrency', ' above 0'],
	['pollInterval', 'Poll Interval (Seconds)', ' above 0'],
	['timeout', 'Timeout (Minutes)', ' above 0, at most 55'],
];

it.each<[object, string, string]>([
	...NUMBERS.flatMap(
		([name, label, range]): Array<[object, string, string]> => [
			...[0, -1, NaN, Infinity, '', ' ', 'often', true, {}, [1]].map((value): [object, string, string] => [
				{ [name]: value },
				label,
				`${label} must be a number${range}, not `,
			]),
			[{ [name]: undefined }, label, `${label} is empty: its expression gave undefined`],
			[{ [name]: null }, label, `${label} is empty: its expression gave null`],
		],
	),
	[{ timeout: 55.1 }, 'Timeout (Minutes)', 'Timeout (Minutes) must be a number above 0, at most 55, not 55.1'],
	[{ maxRequests: 1.5 }, 'Max Paid Requests', 'Max Paid Requests must be a whole number, 0 or more, not 1.5'],
	[{ reuseWithin: 169 }, 'Reuse Within (Hours)', 'Reuse Within (Hours) must be a number from 0 to 168, not 169'],
	[{ checkUrls: 'maybe' }, 'Check URLs', 'Check URLs must be true or false, not “maybe”'],
	[{ downloadVideo: 2 }, 'Download Video', 'Download Video must be true or false, not 2'],
	[{ apiMode: 'v3' }, 'API Mode', 'API Mode must be one of Auto, Blocking, Submit and Poll, not “v3”'],
	[{ apiMode: 5 }, 'API Mode', 'API Mode must be one of Auto, Blocking, Submit and Poll, not 5'],
	[{ binaryPropertyName: '' }, 'Put Output File in Field', 'Put Output File in Field is empty'],
	[{ binaryPropertyName: ' ' }, 'Put Output File in Field', 'Put Output File in Field is empty'],
])('refuses %p', async (options, label, message) => {
	const error = await refusal(() => read(options));
	expect(error.message.startsWith(message)).toBe(true);
	expect(error.message.startsWith(label)).toBe(true);
	expect(error.details.description).toMatch(
		/ Nothing was sent to Segmind for this item\. This item was not charged\.$/,
	);
});

it('reads the options of its operation only', () => {
	const { item } = itemOf({ parameters: { options: { timeout: 'never', fileName: 'a' } } });
	expect(readOptions(item, { fileName: video.fileName })).toStrictEqual({ fileName: 'a' });
});

it('shows its options by their labels, with the defaults of the contract', () => {
	const { options = [], ...field } = optionsField(ALL);
	expect(field).toEqual({
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
	});
	expect(options.map((each) => ['default' in each && each.name, 'default' in each && each.default])).toEqual([
		['apiMode', 'auto'],
		['checkUrls', true],
		['downloadVideo', true],
		['fileName', ''],
		['maxConcurrency', 5],
		['maxRequests', 50],
		['pollInterval', 5],
		['binaryPropertyName', 'data'],
		['reuseWithin', 0],
		['timeout', 30],
		['waitForCompletion', true],
	]);
	for (const [key, { field: shown }] of Object.entries(ALL)) expect(shown.name).toBe(key);
});

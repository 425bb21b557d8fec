import { valueOf } from './invalid';
import { positive, type Option } from './options';
import { visible } from './visible';
import { readBoolean, readFieldName, readText } from './words';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** Segmind keeps a request for an hour: a longer wait would end in nothing (docs/segmind-api.md, "v2"). */
const LONGEST_TIMEOUT = 55;

export const binaryPropertyName: Option<string> = {
	field: {
		displayName: 'Put Output File in Field',
		name: 'binaryPropertyName',
		type: 'string',
		default: 'data',
		hint: 'The name of the output binary field to put the file in',
		description: 'Name of the output field that holds the video',
	},
	read: (given) => valueOf('Put Output File in Field', readFieldName(given)),
};

export const downloadVideo: Option<boolean> = {
	field: {
		displayName: 'Download Video',
		name: 'downloadVideo',
		type: 'boolean',
		default: true,
		description: 'Whether to download the video as binary data. If off, only its URL is returned (valid for 7 days).',
	},
	read: (given) => valueOf('Download Video', readBoolean(given)),
};

export const fileName: Option<string> = {
	field: {
		displayName: 'File Name',
		name: 'fileName',
		type: 'string',
		default: '',
		placeholder: 'e.g. dance.mp4',
		description:
			'Name of the video file. If empty, the file keeps its own name. A missing or wrong extension is corrected.',
	},
	read: (given) => visible(valueOf('File Name', readText(given))).trim(),
};

/** ms */
export const pollInterval: Option<number> = {
	field: {
		displayName: 'Poll Interval (Seconds)',
		name: 'pollInterval',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 5,
		description: 'How often to check the status of the request, which is free',
	},
	read: (given) => positive('Poll Interval (Seconds)', given) * SECOND,
};

/** A time to wait. */
interface Timeout {
	minutes: number;
	ms: number;
}

export const timeout: Option<Timeout> = {
	field: {
		displayName: 'Timeout (Minutes)',
		name: 'timeout',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: LONGEST_TIMEOUT },
		default: 30,
		description:
			'How long to wait for the video, which takes about 10 minutes. At most 55, since Segmind drops a job after an hour.',
	},
	read(given) {
		const minutes = positive('Timeout (Minutes)', given, LONGEST_TIMEOUT);
		return { minutes, ms: minutes * MINUTE };
	},
};

export const waitForCompletion: Option<boolean> = {
	field: {
		displayName: 'Wait for Completion',
		name: 'waitForCompletion',
		type: 'boolean',
		default: true,
		description: 'Whether to wait until the video is ready. If off, the current status is returned.',
	},
	read: (given) => valueOf('Wait for Completion', readBoolean(given)),
};

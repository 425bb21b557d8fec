import {
	doubtError,
	errorStatus,
	failedError,
	limitReachedError,
	LOOK_FIRST,
	MAYBE_ACCEPTED,
	NOT_CHARGED,
	notSentError,
	noVideoError,
	stoppedError,
	storedVideoGoneError,
	timeoutError,
	unexpectedError,
} from '../../../../nodes/KlingMotionControl/segmind/endings';
import type { ErrorDetails, SegmindError } from '../../../../nodes/KlingMotionControl/segmind/segmindError';

const CONSOLE = "Look for the video on the Generations page in Segmind's console.";
const NOT_PAID =
	'A failed request is not charged. Check the image and the video: one person, whole body in view, 3 to 30 seconds (at most 10 with orientation Image). Then try again.';
const GOES_ON = 'Segmind cannot cancel a request: one that was accepted goes on there and is charged.';
const MORE_TIME = 'This item was not charged. Raise the timeout, or run fewer items at a time.';
const REPORT = 'Please report it, with the steps that led to it.';

it('says of a purchase what is known', () => {
	expect(MAYBE_ACCEPTED).toBe('The request may have been accepted and charged');
	expect(NOT_CHARGED).toBe('This item was not charged.');
	expect(LOOK_FIRST).toBe("Look at the Generations page in Segmind's console before you run this again.");
});

it.each<[SegmindError, SegmindError['kind'], string, ErrorDetails]>([
	[
		noVideoError(200, 'names no video'),
		'media',
		"The request is finished, but Segmind's answer names no video",
		{ description: CONSOLE, accepted: 'yes', status: 'COMPLETED' },
	],
	[
		noVideoError(500, 'names no video'),
		'media',
		"The request is finished, but Segmind's answer names no video",
		{ description: CONSOLE, accepted: 'yes', httpStatus: 500, status: 'COMPLETED' },
	],
	[
		failedError(undefined, 200),
		'failed',
		'Segmind could not make the video',
		{ description: NOT_PAID, accepted: 'no', status: 'FAILED' },
	],
	[
		failedError('no person', 422),
		'failed',
		'Segmind could not make the video: no person',
		{ description: NOT_PAID, accepted: 'no', httpStatus: 422, status: 'FAILED' },
	],
	[
		timeoutError(30, 'PROCESSING'),
		'timeout',
		'The video was not ready after 30 minutes (PROCESSING)',
		{ description: 'Segmind is still working on it.', accepted: 'yes', status: 'PROCESSING' },
	],
	[
		notSentError('no time was left'),
		'timeout',
		'The request was not sent: no time was left',
		{ description: MORE_TIME, accepted: 'no' },
	],
	[
		notSentError('too many', 429),
		'timeout',
		'The request was not sent: too many',
		{ description: MORE_TIME, accepted: 'no', httpStatus: 429 },
	],
	...[[1, '1 video'] as const, [50, '50 videos'] as const].map(
		([limit, videos]): [SegmindError, 'input', string, ErrorDetails] => [
			limitReachedError(limit),
			'input',
			`This node has bought ${videos} in this execution, which is its limit`,
			{ description: 'Raise the limit, or send fewer items. This item was not charged.', accepted: 'no' },
		],
	),
	[
		storedVideoGoneError(),
		'media',
		'The video of this request was stored with an execution that was deleted',
		{
			description:
				"Look for the video on the Generations page in Segmind's console, or run the workflow again to buy another one.",
			accepted: 'yes',
			status: 'COMPLETED',
		},
	],
	[
		doubtError(),
		'doubt',
		'The request may have been accepted and charged, so it was not sent again',
		{ description: LOOK_FIRST, accepted: 'maybe' },
	],
	[
		doubtError({ message: 'Segmind broke', httpStatus: 500 }),
		'doubt',
		'Segmind broke, so it was not sent again',
		{ description: LOOK_FIRST, httpStatus: 500, accepted: 'maybe' },
	],
	[stoppedError(), 'stopped', 'Stopped before the video was ready', { description: GOES_ON, accepted: 'no' }],
	[
		stoppedError('yes', 'QUEUED'),
		'stopped',
		'Stopped before the video was ready',
		{ description: GOES_ON, accepted: 'yes', status: 'QUEUED' },
	],
	[
		stoppedError('maybe'),
		'stopped',
		'Stopped before the video was ready. The request may have been accepted and charged',
		{ description: GOES_ON, accepted: 'maybe' },
	],
	[
		unexpectedError(new TypeError('secret')),
		'unexpected',
		'The node ran into an unexpected error (TypeError)',
		{ description: REPORT, accepted: 'maybe' },
	],
	[
		unexpectedError('secret'),
		'unexpected',
		'The node ran into an unexpected error (string)',
		{ description: REPORT, accepted: 'maybe' },
	],
])('%s', (error, kind, message, details) => {
	expect([error.kind, error.message]).toEqual([kind, message]);
	expect(error.details).toEqual(details);
	expect(error).toBeInstanceOf(Error);
	expect(error.name).toBe('SegmindError');
});

it('keeps a status only where it is news', () => {
	expect([200, 299, 300, 422, 599].map(errorStatus)).toStrictEqual([
		{},
		{},
		{ httpStatus: 300 },
		{ httpStatus: 422 },
		{ httpStatus: 599 },
	]);
});

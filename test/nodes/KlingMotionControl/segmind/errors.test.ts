import {
	answerError,
	doubtError,
	failedError,
	networkError,
	noVideoError,
	stoppedError,
	storeError,
	timeoutError,
	unreadableError,
	type ErrorDetails,
} from '../../../../nodes/KlingMotionControl/segmind/errors';
import type { Stage } from '../../../../nodes/KlingMotionControl/segmind/meaning';

const HEADERS = { 'retry-after': '7' };
const LATER = 'Try again later.';
const LOOK = "Look at the Generations page in Segmind's console before you run this again.";

function answer(status: number, text = '') {
	return { status, headers: HEADERS, text };
}

describe('an answer that is no success', () => {
	it.each<[Stage, number, string, string, ErrorDetails]>([
		[
			'submit',
			400,
			'{"error":"because"}',
			'Segmind rejected the request as not valid: because',
			{ description: 'Check the parameters of the node. Nothing was charged.', httpStatus: 400 },
		],
		[
			'credits',
			401,
			'{"error":"Missing key"}',
			'Segmind got no API key: Missing key',
			{ description: 'Enter the API key in the Segmind API credential.', httpStatus: 401 },
		],
		[
			'submit',
			502,
			'<html></html>',
			'Segmind is not available for now (HTTP 502). The request may have been accepted and charged',
			{ description: `${LATER} ${LOOK}`, httpStatus: 502, mayBeAccepted: true },
		],
		[
			'submit',
			503,
			'',
			'Segmind is not available for now (HTTP 503)',
			{ description: `${LATER} Nothing was charged.`, httpStatus: 503, retry: HEADERS },
		],
		[
			'poll',
			502,
			'',
			'Segmind is not available for now (HTTP 502)',
			{ description: LATER, httpStatus: 502, retry: HEADERS },
		],
		['credits', 418, '', 'Segmind answered with HTTP 418', { description: LATER, httpStatus: 418 }],
		[
			'download',
			422,
			'',
			'The finished video could not be downloaded: its address answered HTTP 422',
			{ description: LATER, httpStatus: 422 },
		],
	])('%s %d %s', (stage, status, text, message, details) => {
		const error = answerError(stage, answer(status, text));
		expect([error.kind, error.message, error.details]).toEqual(['answer', message, details]);
	});

	it.each<Stage>(['submit', 'poll'])('422 at the %s is a failed job', (stage) => {
		const error = answerError(stage, answer(422, '{"error":"no person"}'));
		expect(error.kind).toBe('failed');
		expect(error.message).toBe('Segmind could not make the video: no person');
		expect(error.details).toEqual({
			description: expect.stringMatching(/^A failed request is not charged\./),
			httpStatus: 422,
			status: 'FAILED',
		});
	});
});

it.each<[Stage, string, string, ErrorDetails]>([
	[
		'submit',
		'ECONNRESET',
		'Segmind could not be reached, the connection broke off (ECONNRESET). The request may have been accepted and charged',
		{ description: `${LATER} ${LOOK}`, mayBeAccepted: true },
	],
	[
		'submit',
		'ENOTFOUND',
		'Segmind could not be reached, the name of its host was not found (ENOTFOUND)',
		{ description: expect.stringMatching(/^Check that .* credential\. Nothing was charged\.$/) as unknown as string },
	],
	[
		'upload',
		'ETIMEDOUT',
		"Segmind's storage could not be reached, no answer came in time (ETIMEDOUT)",
		{ description: LATER, retry: {} },
	],
])('a fault of the network at the %s, %s', (stage, code, message, details) => {
	const error = networkError(stage, code);
	expect([error.kind, error.message, error.details]).toEqual(['network', message, details]);
});

it.each<[Stage, number, ErrorDetails, string]>([
	['poll', 200, { description: LATER, retry: HEADERS }, ''],
	['poll', 299, { description: LATER, retry: HEADERS }, ''],
	['poll', 300, { description: LATER, httpStatus: 300, retry: HEADERS }, ''],
	[
		'submit',
		200,
		{ description: `${LATER} ${LOOK}`, mayBeAccepted: true },
		'. The request may have been accepted and charged',
	],
])('an unreadable answer to the %s with %d', (stage, status, details, end) => {
	const error = unreadableError(stage, answer(status), 'is empty');
	expect([error.kind, error.message]).toEqual(['unreadable', `Segmind gave an answer that is empty${end}`]);
	expect(error.details).toEqual(details);
});

const CHECK = 'Check the place where n8n keeps binary data: its free space, its rights, and the largest file it takes.';

it.each<[Parameters<typeof storeError>[0], string, ErrorDetails]>([
	['download', 'n8n could not store the video (ENOSPC)', { description: CHECK, retry: {} }],
	['upload', 'n8n could not read the file (ENOSPC)', { description: CHECK, retry: {} }],
	[
		'submit',
		'n8n could not store the video (ENOSPC). The request may have been accepted and charged',
		{ description: `${CHECK} ${LOOK}`, mayBeAccepted: true },
	],
])("a fault of n8n's binary store at the %s", (stage, message, details) => {
	const error = storeError(stage, 'ENOSPC');
	expect([error.kind, error.message, error.details]).toEqual(['store', message, details]);
});

it('names what became of a job', () => {
	const errors = [
		noVideoError(200, 'names no video'),
		failedError(undefined, 200),
		timeoutError(30, 'PROCESSING'),
		stoppedError(),
		stoppedError('QUEUED'),
		doubtError(),
		doubtError({ message: 'Segmind broke', httpStatus: 500 }),
	];
	const cannot = 'Segmind cannot cancel a request: one that was accepted goes on there and is charged.';
	expect(errors.map(({ kind, message, details }) => [kind, message, details])).toEqual([
		[
			'media',
			"The request is finished, but Segmind's answer names no video",
			{ description: "Look for the video on the Generations page in Segmind's console.", status: 'COMPLETED' },
		],
		[
			'failed',
			'Segmind could not make the video',
			{ description: expect.stringMatching(/^A failed request is not charged\./), status: 'FAILED' },
		],
		[
			'timeout',
			'The video was not ready after 30 minutes (PROCESSING)',
			{ description: 'The request goes on at Segmind.', status: 'PROCESSING' },
		],
		['stopped', 'Stopped before the video was there', { description: cannot }],
		['stopped', 'Stopped before the video was there', { description: cannot, status: 'QUEUED' }],
		[
			'doubt',
			'The request may have been accepted and charged, so it was not sent again',
			{ description: LOOK, mayBeAccepted: true },
		],
		['doubt', 'Segmind broke, so it was not sent again', { description: LOOK, httpStatus: 500, mayBeAccepted: true }],
	]);
	for (const error of errors) {
		expect(error).toBeInstanceOf(Error);
		expect(error.name).toBe('SegmindError');
	}
});

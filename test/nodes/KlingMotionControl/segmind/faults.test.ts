import {
	answerError,
	networkError,
	storeError,
	unreadableError,
} from '../../../../nodes/KlingMotionControl/segmind/faults';
import type { ErrorDetails, ErrorKind } from '../../../../nodes/KlingMotionControl/segmind/segmindError';
import type { NetworkFault, Stage } from '../../../../nodes/KlingMotionControl/segmind/verdict';

const HEADERS = { 'retry-after': '7' };
const LATER = 'Try again later.';
const REACH = 'Check that the n8n server can reach it, and the URLs in the Segmind API credential.';
const LOOK = "Look at the Generations page in Segmind's console before you run this again.";
const NOT_CHARGED = 'This item was not charged.';
const MAYBE = 'The request may have been accepted and charged';
const FAILED = '{"status":"FAILED","error":"no person"}';

function answer(status: number, text = '') {
	return { status, headers: HEADERS, text };
}

describe('an answer that is no success', () => {
	it.each<[Stage, number, string, string, ErrorDetails]>([
		[
			'submit',
			400,
			'{"error":"because"}',
			'Segmind rejected the request as invalid: because',
			{
				description: `Check the parameters of the node. ${NOT_CHARGED}`,
				accepted: 'no',
				repeats: 0,
				headers: HEADERS,
				httpStatus: 400,
			},
		],
		[
			'submit',
			422,
			'{"detail":[{"loc":["body","prompt"],"msg":"field required"}]}',
			'Segmind answered with HTTP 422: prompt: field required',
			{
				description: `Check the parameters of the node. ${NOT_CHARGED}`,
				accepted: 'no',
				repeats: 0,
				headers: HEADERS,
				httpStatus: 422,
			},
		],
		[
			'submit',
			429,
			'',
			"Segmind's rate limit was reached",
			{
				description: `Process fewer items in parallel, check their status less often, and try again in a minute. ${NOT_CHARGED}`,
				accepted: 'no',
				repeats: 20,
				headers: HEADERS,
				httpStatus: 429,
			},
		],
		[
			'credits',
			401,
			'{"error":"Missing key"}',
			'Segmind got no API key: Missing key',
			{
				description: 'Enter the API key in the Segmind API credential.',
				accepted: 'no',
				repeats: 0,
				headers: HEADERS,
				httpStatus: 401,
			},
		],
		[
			'submit',
			502,
			'<html></html>',
			`Segmind is not available at the moment (HTTP 502). ${MAYBE}`,
			{ description: `${LATER} ${LOOK}`, accepted: 'maybe', repeats: 0, headers: HEADERS, httpStatus: 502 },
		],
		[
			'submit',
			500,
			'{"error":"broken","request_id":"a-1"}',
			`Segmind ran into an error (HTTP 500): broken. ${MAYBE}`,
			{
				description: `Often, the model cannot use one of the inputs: check the image and the video. ${LOOK}`,
				accepted: 'maybe',
				repeats: 0,
				headers: HEADERS,
				httpStatus: 500,
				requestId: 'a-1',
			},
		],
		[
			'submit',
			503,
			'{"error":"busy"}',
			'Segmind is not available at the moment (HTTP 503): busy',
			{ description: `${LATER} ${NOT_CHARGED}`, accepted: 'no', repeats: 5, headers: HEADERS, httpStatus: 503 },
		],
		[
			'submit',
			503,
			'',
			`Segmind is not available at the moment (HTTP 503). ${MAYBE}`,
			{ description: `${LATER} ${LOOK}`, accepted: 'maybe', repeats: 0, headers: HEADERS, httpStatus: 503 },
		],
		[
			'poll',
			502,
			'{"error":"busy","request_id":"a-1"}',
			'Segmind is not available at the moment (HTTP 502): busy',
			{ description: LATER, accepted: 'yes', repeats: Infinity, headers: HEADERS, httpStatus: 502 },
		],
		[
			'credits',
			418,
			'',
			'Segmind answered with HTTP 418',
			{ description: LATER, accepted: 'no', repeats: 0, headers: HEADERS, httpStatus: 418 },
		],
		[
			'download',
			422,
			FAILED,
			'The finished video could not be downloaded: its host answered HTTP 422: no person',
			{ description: LATER, accepted: 'yes', repeats: 0, headers: HEADERS, httpStatus: 422 },
		],
	])('%s %d %s', (stage, status, text, message, details) => {
		const error = answerError(stage, answer(status, text));
		expect([error.kind, error.message]).toEqual(['answer', message]);
		expect(error.details).toEqual(details);
	});

	it.each<Stage>(['submit', 'poll'])('422 at the %s with a body that says FAILED is a failed job', (stage) => {
		const error = answerError(stage, answer(422, FAILED));
		expect([error.kind, error.message]).toEqual(['failed', 'Segmind could not make the video: no person']);
		expect(error.details).toEqual({
			description: expect.stringMatching(/^A failed request is not charged\./),
			accepted: 'no',
			httpStatus: 422,
			status: 'FAILED',
		});
	});

	it.each<[Stage, string]>([
		['submit', 'no person'],
		['poll', 'no person'],
	])('422 at the %s with another body is none', (stage, reason) => {
		const { kind, message } = answerError(stage, answer(422, `{"error":"${reason}"}`));
		expect([kind, message]).toEqual(['answer', `Segmind answered with HTTP 422: ${reason}`]);
	});
});

describe('a fault of the network', () => {
	it.each<[Stage, NetworkFault, string, ErrorDetails]>([
		[
			'submit',
			{ code: 'ECONNRESET', syscall: 'read' },
			`Segmind could not be reached: the connection broke off (ECONNRESET). ${MAYBE}`,
			{ description: `${LATER} ${LOOK}`, accepted: 'maybe', repeats: 0 },
		],
		[
			'submit',
			{ code: 'ENOTFOUND', syscall: 'getaddrinfo' },
			'Segmind could not be reached: its host name was not found (ENOTFOUND)',
			{ description: `${REACH} ${NOT_CHARGED}`, accepted: 'no', repeats: 0 },
		],
		[
			'submit',
			{ code: 'ENOTFOUND' },
			`Segmind could not be reached: its host name was not found (ENOTFOUND). ${MAYBE}`,
			{ description: `${REACH} ${LOOK}`, accepted: 'maybe', repeats: 0 },
		],
		[
			'submit',
			{ code: 'SsrfBlockedIpError', blocked: true },
			'n8n refused to connect to Segmind (SsrfBlockedIpError)',
			{
				description: `Ask the administrator of n8n to allow its host. ${NOT_CHARGED}`,
				accepted: 'no',
				repeats: 0,
			},
		],
		[
			'upload',
			{ code: 'ETIMEDOUT' },
			"Segmind's storage could not be reached: no answer came in time (ETIMEDOUT)",
			{ description: `${LATER} ${NOT_CHARGED}`, accepted: 'no', repeats: Infinity },
		],
		[
			'poll',
			{ code: 'CERT_HAS_EXPIRED' },
			'Segmind could not be reached: its certificate is not trusted (CERT_HAS_EXPIRED)',
			{ description: REACH, accepted: 'yes', repeats: Infinity },
		],
	])('at the %s, %j', (stage, fault, message, details) => {
		const error = networkError(stage, fault);
		expect([error.kind, error.message]).toEqual(['network', message]);
		expect(error.details).toEqual(details);
	});

	it.each<[Stage, string, string | undefined]>([
		['submit', '{"request_id":"a-1","status":"QUE', 'a-1'],
		['submit', '{"request_id":"a-', undefined],
		['submit', '', undefined],
		['poll', '{"request_id":"a-1","status":"QUE', undefined],
	])('at the %s after %j tells the id %s', (stage, text, requestId) => {
		expect(networkError(stage, { code: 'ECONNRESET' }, text).details.requestId).toBe(requestId);
	});
});

describe('an answer that cannot be read', () => {
	const repeatable = { description: LATER, accepted: 'yes' as const, repeats: Infinity, headers: HEADERS };
	const uploaded = { ...repeatable, description: `${LATER} ${NOT_CHARGED}`, accepted: 'no' as const };
	const doubtful = { description: `${LATER} ${LOOK}`, accepted: 'maybe' as const, repeats: 0, headers: HEADERS };

	it.each<[Stage, number, string, string, ErrorDetails]>([
		['poll', 200, '', 'Segmind sent an answer that is empty', repeatable],
		['poll', 299, '', 'Segmind sent an answer that is empty', repeatable],
		['poll', 300, '', 'Segmind sent an answer that is empty', { ...repeatable, httpStatus: 300 }],
		['poll', 200, '{"error":"busy"}', 'Segmind sent an answer that is empty: busy', repeatable],
		['poll', 200, '{"request_id":"a-1"}', 'Segmind sent an answer that is empty', repeatable],
		['download', 200, '', "The video's host sent an answer that is empty", repeatable],
		['upload', 200, '', "Segmind's storage sent an answer that is empty", uploaded],
		['submit', 200, '', `Segmind sent an answer that is empty. ${MAYBE}`, doubtful],
		['submit', 200, '{"error":"busy"}', `Segmind sent an answer that is empty: busy. ${MAYBE}`, doubtful],
		[
			'submit',
			200,
			'{"request_id":"a-1"}',
			`Segmind sent an answer that is empty. ${MAYBE}`,
			{ ...doubtful, requestId: 'a-1' },
		],
	])('%s %d %s', (stage, status, text, message, details) => {
		const error = unreadableError(stage, answer(status, text), 'is empty');
		expect([error.kind, error.message]).toEqual(['unreadable', message]);
		expect(error.details).toEqual(details);
	});
});

const CHECK =
	'Check the place where n8n keeps binary data: its free space, its permissions, and its limit on file size.';
const check = { description: CHECK };

it.each<[Parameters<typeof storeError>[0], string, string, ErrorDetails]>([
	['download', 'EIO', 'n8n could not store the video (EIO)', { ...check, accepted: 'yes', repeats: Infinity }],
	[
		'download',
		'ENOSPC',
		'n8n could not store the video (ENOSPC)',
		{ description: 'The disk where n8n keeps binary data is full: free space on it.', accepted: 'yes', repeats: 0 },
	],
	[
		'download',
		'EACCES',
		'n8n could not store the video (EACCES)',
		{
			description: 'The place where n8n keeps binary data refuses access: check its permissions.',
			accepted: 'yes',
			repeats: 0,
		},
	],
	[
		'download',
		'FileTooLargeError',
		'n8n could not store the video (FileTooLargeError)',
		{
			description: expect.stringMatching(/limit on file size.*N8N_BINARY_DATA_DATABASE_MAX_FILE_SIZE\.$/) as string,
			accepted: 'yes',
			repeats: 0,
		},
	],
	[
		'download',
		'53100',
		'n8n could not store the video (53100)',
		{ description: 'The disk where n8n keeps binary data is full: free space on it.', accepted: 'yes', repeats: 0 },
	],
	[
		'download',
		'ERR_STRING_TOO_LONG',
		'n8n could not store the video (ERR_STRING_TOO_LONG)',
		{
			description: expect.stringMatching(/is too large for the place.*N8N_DEFAULT_BINARY_DATA_MODE\.$/) as string,
			accepted: 'yes',
			repeats: 0,
		},
	],
	[
		'upload',
		'EIO',
		'n8n could not read the file (EIO)',
		{
			description: `${CHECK} ${NOT_CHARGED}`,
			accepted: 'no',
			repeats: Infinity,
		},
	],
	[
		'submit',
		'ENOSPC',
		`n8n could not store the video (ENOSPC). ${MAYBE}`,
		{
			description: `The disk where n8n keeps binary data is full: free space on it. ${LOOK}`,
			accepted: 'maybe',
			repeats: 0,
		},
	],
])("a fault of n8n's binary store at the %s: %s", (stage, fault, message, details) => {
	const error = storeError(stage, fault);
	expect<[ErrorKind, string]>([error.kind, error.message]).toEqual(['store', message]);
	expect(error.details).toEqual(details);
});

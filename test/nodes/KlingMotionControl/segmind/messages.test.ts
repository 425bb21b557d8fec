import { SUBJECT, wordsOfFault, wordsOfStatus } from '../../../../nodes/KlingMotionControl/segmind/messages';
import type { NetworkFault, Stage } from '../../../../nodes/KlingMotionControl/segmind/verdict';

const AGAIN = 'Try again: Segmind may have a new URL for it.';
const LATER = 'Try again later.';
const URLS = 'Check the URLs in the Segmind API credential.';
const STORAGE = 'Check the Storage URL in the Segmind API credential.';
const REACH = 'Check that the n8n server can reach it, and the URLs in the Segmind API credential.';
const REDIRECT = 'answered with a redirect, which is not followed with the API key';
const ACCESS = 'Ask the owner of the Segmind account or team for access. Trying again does not help.';
const BUY = "Buy credits in Segmind's console.";
const CONTENT_TYPE = 'Segmind did not accept the content type of the request';
const FEW_CREDITS = 'The Segmind account has too few credits for this call';
const LIMIT = "The team's spend limit at Segmind was reached";

describe('a status', () => {
	it.each<[Stage, number, string, string, string]>([
		['submit', 300, '', `Segmind ${REDIRECT}`, URLS],
		['poll', 399, '', `Segmind ${REDIRECT}`, URLS],
		['upload', 302, '', `Segmind's storage ${REDIRECT}`, URLS],
		['submit', 299, '', 'Segmind answered with HTTP 299', LATER],
		['submit', 400, '', 'Segmind rejected the request as invalid', 'Check the parameters of the node.'],
		['submit', 401, 'Missing key', 'Segmind got no API key', 'Enter the API key in the Segmind API credential.'],
		[
			'poll',
			401,
			'Unauthorized',
			'Segmind does not accept the API key',
			"Check the key in the Segmind API credential against the API keys in Segmind's console.",
		],
		['submit', 402, '', FEW_CREDITS, BUY],
		['submit', 402, 'spend limit', LIMIT, "Raise the limit in Segmind's console."],
		['submit', 403, '', 'Segmind does not allow this API key to use the model', ACCESS],
		[
			'submit',
			404,
			'',
			'Segmind does not know this model or route',
			'Check the model and the URLs in the Segmind API credential.',
		],
		[
			'poll',
			404,
			'',
			'Segmind does not know this request',
			"Segmind forgets a request about 1 hour after it was made. Check the request ID. An older video may still be found on the Generations page in Segmind's console, and its URL works for 7 days.",
		],
		['credits', 404, '', 'Segmind found no credits for this account', BUY],
		['upload', 404, '', "Segmind's storage was not found", STORAGE],
		['upload', 400, '', "Segmind's storage rejected the request as invalid", 'Check the file.'],
		['upload', 422, '', "Segmind's storage answered with HTTP 422", 'Check the file.'],
		['upload', 500, '', "Segmind's storage ran into an error (HTTP 500)", 'Try again later.'],
		['upload', 503, '', "Segmind's storage is not available at the moment (HTTP 503)", 'Try again later.'],
		['upload', 504, '', "Segmind's storage did not answer in time (HTTP 504)", 'Try again later.'],
		['credits', 400, '', 'Segmind rejected the request as invalid', 'Try again later.'],
		['credits', 500, '', 'Segmind ran into an error (HTTP 500)', 'Try again later.'],
		['upload', 403, '', 'Segmind does not allow this API key to upload files', ACCESS],
		['credits', 403, '', 'Segmind does not allow this API key to read the credit balance', ACCESS],
		[
			'submit',
			405,
			'',
			'Segmind does not accept this request at the Base URL',
			'Check the Base URL in the Segmind API credential, or set API Mode to Auto.',
		],
		[
			'credits',
			405,
			'',
			'Segmind does not accept this request at the Base URL',
			'Check the Base URL in the Segmind API credential.',
		],
		['upload', 405, '', "Segmind's storage takes no files at its URL", STORAGE],
		['submit', 406, '', FEW_CREDITS, BUY],
		['submit', 406, 'Team spend Limit', LIMIT, "Raise the limit in Segmind's console."],
		['submit', 406, 'Invalid content type', CONTENT_TYPE, 'Check that no proxy changes the request.'],
		['submit', 406, 'contentType limit', CONTENT_TYPE, 'Check that no proxy changes the request.'],
		['submit', 410, '', 'Segmind has retired this model', 'Choose another model.'],
		['upload', 413, '', "Segmind's storage rejected the file as too large", 'Use smaller files.'],
		[
			'poll',
			429,
			'',
			"Segmind's rate limit was reached",
			'Process fewer items in parallel, check their status less often, and try again in a minute.',
		],
		[
			'submit',
			500,
			'',
			'Segmind ran into an error (HTTP 500)',
			'Often, the model cannot use one of the inputs: check the image and the video.',
		],
		['submit', 502, '', 'Segmind is not available at the moment (HTTP 502)', LATER],
		['submit', 503, '', 'Segmind is not available at the moment (HTTP 503)', LATER],
		['submit', 504, '', 'Segmind did not answer in time (HTTP 504)', LATER],
		['submit', 418, '', 'Segmind answered with HTTP 418', LATER],
		['download', 404, '', 'The finished video could not be downloaded: its host answered HTTP 404', AGAIN],
		['download', 403, '', 'The finished video could not be downloaded: its host answered HTTP 403', AGAIN],
		['download', 410, '', 'The finished video could not be downloaded: its host answered HTTP 410', AGAIN],
		['download', 302, '', 'The finished video could not be downloaded: its host answered HTTP 302', LATER],
	])('%s %d %s', (stage, status, reason, what, todo) => {
		expect(wordsOfStatus(stage, status, reason)).toEqual([what, todo]);
	});
});

describe('a fault of the network', () => {
	it.each<[string, string, string]>([
		['ECONNREFUSED', 'the connection was refused', REACH],
		['ENOTFOUND', 'its host name was not found', REACH],
		['EAI_AGAIN', 'its host name was not found', REACH],
		['EHOSTUNREACH', 'there is no route to its host', REACH],
		['ENETUNREACH', 'there is no route to its host', REACH],
		['EPROTO', 'no secure connection could be made', REACH],
		['ERR_TLS_CERT_ALTNAME_INVALID', 'its certificate is not trusted', REACH],
		['ERR_TLS_HANDSHAKE_TIMEOUT', 'no secure connection could be made', REACH],
		['ERR_SSL_WRONG_VERSION_NUMBER', 'no secure connection could be made', REACH],
		['CERT_HAS_EXPIRED', 'its certificate is not trusted', REACH],
		['DEPTH_ZERO_SELF_SIGNED_CERT', 'its certificate is not trusted', REACH],
		['SELF_SIGNED_CERT_IN_CHAIN', 'its certificate is not trusted', REACH],
		['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'its certificate is not trusted', REACH],
		['HOSTNAME_MISMATCH', 'its certificate is not trusted', REACH],
		['INVALID_CA', 'its certificate is not trusted', REACH],
		['CRL_HAS_EXPIRED', 'its certificate is not trusted', REACH],
		['ETIMEDOUT', 'no answer came in time', LATER],
		['ECONNABORTED', 'no answer came in time', LATER],
		['ECONNRESET', 'the connection broke off', LATER],
		['XETIMEDOUT', 'the connection broke off', LATER],
		['ETIMEDOUTX', 'the connection broke off', LATER],
		['XEPROTO', 'the connection broke off', LATER],
		['EPROTOX', 'the connection broke off', LATER],
		['XERR_SSL_', 'the connection broke off', LATER],
		['ERR_STREAM_PREMATURE_CLOSE', 'the connection broke off', LATER],
		['X_UNABLE_TO_', 'the connection broke off', LATER],
		['XHOSTNAME_MISMATCH', 'the connection broke off', LATER],
		['HOSTNAME_MISMATCHX', 'the connection broke off', LATER],
		['UNKNOWN', 'the connection broke off', LATER],
	])('%s', (code, what, todo) => {
		for (const stage of Object.keys(SUBJECT) as Stage[]) {
			expect(wordsOfFault(stage, { code })).toEqual([
				`${SUBJECT[stage]} could not be reached: ${what} (${code})`,
				stage === 'download' && todo === REACH ? 'Check that the n8n server can reach it.' : todo,
			]);
		}
	});

	it.each<[Stage, NetworkFault, string, string]>([
		[
			'submit',
			{ code: 'ECONNRESET', syscall: 'connect' },
			'Segmind could not be reached: no connection could be made (ECONNRESET)',
			LATER,
		],
		[
			'submit',
			{ code: 'ECONNRESET', syscall: 'read' },
			'Segmind could not be reached: the connection broke off (ECONNRESET)',
			LATER,
		],
		[
			'poll',
			{ code: 'ECONNREFUSED', syscall: 'connect' },
			'Segmind could not be reached: the connection was refused (ECONNREFUSED)',
			REACH,
		],
		[
			'submit',
			{ code: 'SsrfBlockedIpError', syscall: 'connect', blocked: true },
			'n8n refused to connect to Segmind (SsrfBlockedIpError)',
			'Ask the administrator of n8n to allow its host.',
		],
		[
			'upload',
			{ code: 'SsrfBlockedIpError', blocked: true },
			"n8n refused to connect to Segmind's storage (SsrfBlockedIpError)",
			'Ask the administrator of n8n to allow its host.',
		],
		[
			'download',
			{ code: 'SsrfBlockedIpError', blocked: true },
			"n8n refused to connect to the video's host (SsrfBlockedIpError)",
			'Ask the administrator of n8n to allow its host.',
		],
	])('at the %s, %j', (stage, fault, what, todo) => expect(wordsOfFault(stage, fault)).toEqual([what, todo]));
});

it('knows who each stage is about', () => {
	expect(SUBJECT).toEqual({
		check: 'The host of the reference',
		history: "Segmind's request history",
		submit: 'Segmind',
		poll: 'Segmind',
		download: "The video's host",
		upload: "Segmind's storage",
		credits: 'Segmind',
	});
});

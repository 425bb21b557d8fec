import {
	meaningOf,
	meaningOfFault,
	neverArrived,
	type Stage,
} from '../../../../nodes/KlingMotionControl/segmind/meaning';

const LATER = 'Try again later.';
const REDIRECT = 'Check the Base URL and the Storage URL of the credential.';
const ADDRESS = 'Check that the n8n server can reach it, and the addresses in the Segmind API credential.';

describe('meaningOf', () => {
	it.each<[Stage, number, string, string, string | RegExp]>([
		['submit', 300, '', 'Segmind answered with a redirect, which is not followed with the API key', REDIRECT],
		['poll', 399, '', 'Segmind answered with a redirect, which is not followed with the API key', REDIRECT],
		['upload', 302, '', "Segmind's storage answered with a redirect, which is not followed with the API key", REDIRECT],
		['submit', 299, '', 'Segmind answered with HTTP 299', LATER],
		['submit', 400, '', 'Segmind rejected the request as not valid', 'Check the parameters of the node.'],
		['submit', 401, 'Missing key', 'Segmind got no API key', 'Enter the API key in the Segmind API credential.'],
		[
			'poll',
			401,
			'Unauthorized',
			'Segmind does not accept the API key',
			/^Check the key in the Segmind API credential/,
		],
		['submit', 403, '', 'Segmind does not allow this API key to use the model', /^Ask the owner .* does not help\.$/],
		['submit', 404, '', 'Segmind does not know this model or route', /^Check the model and the Base URL/],
		['poll', 404, '', 'Segmind does not know this request', /about 1 hour .* works for 7 days\.$/],
		['credits', 404, '', 'Segmind found no credits for this account', "Buy credits in Segmind's console."],
		['upload', 404, '', "Segmind's storage was not found", 'Check the Storage URL of the credential.'],
		['submit', 405, '', 'Segmind does not offer this route', /set the option API Mode to Auto\.$/],
		[
			'submit',
			406,
			'',
			'The Segmind account has too few credits for this call',
			/^Buy credits .* shows what is left\.$/,
		],
		['submit', 406, 'Team spend Limit', "The team's spend limit at Segmind is reached", /^Raise the limit/],
		[
			'submit',
			406,
			'Invalid content type',
			'Segmind did not accept the content type of the request',
			/no proxy changes/,
		],
		['submit', 406, 'contentType limit', 'Segmind did not accept the content type of the request', /no proxy changes/],
		['submit', 410, '', 'Segmind has retired this model', 'Choose another model.'],
		['upload', 413, '', 'Segmind rejected the request as too large', 'Use smaller files.'],
		['poll', 429, '', 'Segmind is getting too many requests from this account', /^Lower the option Max Concurrency/],
		['submit', 500, '', 'Segmind ran into an error', /^Often this is a parameter/],
		['submit', 502, '', 'Segmind is not available for now (HTTP 502)', LATER],
		['submit', 503, '', 'Segmind is not available for now (HTTP 503)', LATER],
		['submit', 504, '', 'Segmind did not answer in time (HTTP 504)', LATER],
		['submit', 418, '', 'Segmind answered with HTTP 418', LATER],
		['download', 404, '', 'The finished video could not be downloaded: its address answered HTTP 404', LATER],
		['download', 302, '', 'The finished video could not be downloaded: its address answered HTTP 302', LATER],
	])('%s %d %s', (stage, status, reason, what, todo) => {
		expect(meaningOf(stage, status, reason)).toEqual([
			what,
			todo instanceof RegExp ? expect.stringMatching(todo) : todo,
		]);
	});
});

describe('a fault of the network', () => {
	it.each<[string, string, string, boolean]>([
		['ECONNREFUSED', 'the connection was refused', ADDRESS, true],
		['ENOTFOUND', 'the name of its host was not found', ADDRESS, true],
		['EAI_AGAIN', 'the name of its host was not found', ADDRESS, true],
		['EHOSTUNREACH', 'there is no way to its host', ADDRESS, true],
		['ENETUNREACH', 'there is no way to its host', ADDRESS, true],
		['EPROTO', 'no secure connection could be made', ADDRESS, true],
		['ERR_TLS_CERT_ALTNAME_INVALID', 'no secure connection could be made', ADDRESS, true],
		['ERR_SSL_WRONG_VERSION_NUMBER', 'no secure connection could be made', ADDRESS, true],
		['CERT_HAS_EXPIRED', 'no secure connection could be made', ADDRESS, true],
		['DEPTH_ZERO_SELF_SIGNED_CERT', 'no secure connection could be made', ADDRESS, true],
		['SELF_SIGNED_CERT_IN_CHAIN', 'no secure connection could be made', ADDRESS, true],
		['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'no secure connection could be made', ADDRESS, true],
		['ETIMEDOUT', 'no answer came in time', LATER, false],
		['ECONNABORTED', 'no answer came in time', LATER, false],
		['ECONNRESET', 'the connection broke off', LATER, false],
		['XETIMEDOUT', 'the connection broke off', LATER, false],
		['ETIMEDOUTX', 'the connection broke off', LATER, false],
		['X_CERT_', 'the connection broke off', LATER, false],
		['UNKNOWN', 'the connection broke off', LATER, false],
	])('%s', (code, what, todo, never) => {
		expect(meaningOfFault(code)).toEqual([what, todo]);
		expect(neverArrived(code)).toBe(never);
	});
});

import {
	verdictOn,
	type Accepted,
	type NetworkFault,
	type Stage,
	type Verdict,
} from '../../../../nodes/KlingMotionControl/segmind/verdict';

const EVERY_STATUS = [...Array.from({ length: 500 }, (_, index) => 100 + index), 600, 999];
const FREE = ['poll', 'download', 'upload', 'credits', 'check', 'history'] as const;
/** Whether there is a purchase behind a request that buys nothing itself. */
const BOUGHT: Record<(typeof FREE)[number], Accepted> = {
	...{ poll: 'yes', download: 'yes' },
	...{ upload: 'no', credits: 'no', check: 'no', history: 'no' },
};
const FAILED = '{"status":"FAILED","error":"no person","metrics":{}}';
const OWN_ERROR = '{"error":"Service unavailable","status_code":503}';
/** Bodies that change nothing, but for a 503. */
const BODIES = ['', '<html>x</html>', 'upstream error', '{"error":"x"}', '{"request_id":"a-1"}', OWN_ERROR];

/** The statuses of a row, from its first to its second. */
function within([from, to]: readonly [number, number, ...unknown[]]): number[] {
	return EVERY_STATUS.filter((status) => status >= from && status <= to);
}

function onAnswer(stage: Stage, status: number, text = ''): Verdict {
	return verdictOn(stage, { came: 'answer', status, text });
}

/** The verdicts on all of these statuses, with each of the bodies. */
function onAnswers(stage: Stage, from: number, to: number): unknown[] {
	return within([from, to]).flatMap((status) => BODIES.map((text) => [status, text, onAnswer(stage, status, text)]));
}

function allAlike(from: number, to: number, verdict: Verdict): unknown[] {
	return within([from, to]).flatMap((status) => BODIES.map((text) => [status, text, verdict]));
}

function onFault(stage: Stage, fault: NetworkFault): Verdict {
	return verdictOn(stage, { came: 'fault', ...fault });
}

describe('an answer to the POST that buys', () => {
	const TABLE: Array<[from: number, to: number, accepted: Accepted, repeats: number, why: string]> = [
		[100, 300, 'maybe', 0, 'no refusal'],
		[301, 301, 'no', 0, 'moved, so nobody took it here'],
		[302, 306, 'maybe', 0, 'a redirect by which a POST that was taken may be answered'],
		[307, 308, 'no', 0, 'moved, so nobody took it here'],
		[309, 399, 'maybe', 0, 'no refusal'],
		[400, 406, 'no', 0, 'not valid, no key, no credits, no access, not found, no such route, no credits'],
		[407, 409, 'maybe', 0, 'a timeout, a conflict, or a proxy'],
		[410, 410, 'no', 0, 'the model was retired'],
		[411, 412, 'maybe', 0, 'Segmind is not known to send it'],
		[413, 413, 'no', 0, 'too large'],
		[414, 414, 'maybe', 0, 'Segmind is not known to send it'],
		[415, 415, 'no', 0, 'the wrong content type'],
		[416, 421, 'maybe', 0, 'Segmind is not known to send it'],
		[422, 422, 'no', 0, 'not valid'],
		[423, 428, 'maybe', 0, 'Segmind is not known to send it'],
		[429, 429, 'no', 20, 'too many at a time'],
		[430, 502, 'maybe', 0, 'it may have been taken before this went wrong'],
		[504, 599, 'maybe', 0, 'it may have been taken before this went wrong'],
		[600, 999, 'maybe', 0, 'not a status of HTTP'],
	];

	it('has a row for every status but 503', () => {
		expect(TABLE.flatMap((row) => within(row))).toEqual(EVERY_STATUS.filter((status) => status !== 503));
	});

	it.each(TABLE)('%d to %d: %s, again %d times: %s', (from, to, accepted, repeats) => {
		expect(onAnswers('submit', from, to)).toStrictEqual(allAlike(from, to, { accepted, repeats }));
	});

	it.each<[body: string, accepted: Accepted]>([
		[OWN_ERROR, 'no'],
		['{"error":"Service unavailable"}', 'no'],
		[' \n{"error":"x"}\n', 'no'],
		['{"error":"x","request_id":"a-1"}', 'maybe'],
		['{"error":"x","request_id":null}', 'maybe'],
		['{"error":""}', 'maybe'],
		['{"error":" "}', 'maybe'],
		['{"error":5}', 'maybe'],
		['{"error":{"message":"x"}}', 'maybe'],
		['{"error":["x"]}', 'maybe'],
		['{"message":"no healthy upstream"}', 'maybe'],
		['{"error":"cut off', 'maybe'],
		['["error"]', 'maybe'],
		['"error"', 'maybe'],
		['null', 'maybe'],
		['no healthy upstream', 'maybe'],
		['<html><body>503 Service Temporarily Unavailable</body></html>', 'maybe'],
		['', 'maybe'],
	])("503 counts as a refusal only with Segmind's own error: %j is %s", (text, accepted) => {
		expect(onAnswer('submit', 503, text)).toStrictEqual({ accepted, repeats: accepted === 'no' ? 5 : 0 });
	});
});

it('an answer to the POST that breaks off is no refusal, whatever its status', () => {
	for (const status of EVERY_STATUS) {
		const verdict = verdictOn('submit', { came: 'answer', status, text: OWN_ERROR.slice(0, -1), partial: true });
		expect([status, verdict]).toStrictEqual([status, { accepted: 'maybe', repeats: 0 }]);
	}
});

it.each<[Stage, Verdict]>([
	['submit', { accepted: 'maybe', repeats: 0 }],
	['poll', { accepted: 'yes', repeats: Infinity }],
])('an answer at the %s that says FAILED and breaks off is no word of a failed job', (stage, verdict) => {
	expect(verdictOn(stage, { came: 'answer', status: 422, text: FAILED, partial: true })).toStrictEqual(verdict);
});

describe.each(FREE)('an answer to a request that is free, at the %s', (stage) => {
	const TABLE: Array<[from: number, to: number, repeats: number]> = [
		[100, 407, 0],
		[408, 408, Infinity],
		[409, 421, 0],
		[422, 422, stage === 'poll' ? Infinity : 0],
		[423, 424, 0],
		[425, 425, Infinity],
		[426, 428, 0],
		[429, 429, Infinity],
		[430, 499, 0],
		[500, 999, Infinity],
	];

	it('has a row for every status', () => expect(TABLE.flatMap((row) => within(row))).toEqual(EVERY_STATUS));

	it.each(TABLE)('%d to %d: again %d times', (from, to, repeats) => {
		expect(onAnswers(stage, from, to)).toStrictEqual(allAlike(from, to, { accepted: BOUGHT[stage], repeats }));
	});
});

describe('a body that says FAILED', () => {
	const failed: Verdict = { accepted: 'no', repeats: 0, failed: true };

	it.each<[Stage, number, string, Verdict]>([
		['submit', 422, FAILED, failed],
		['submit', 422, '{"status":"failed"}', failed],
		// a body that names a job refuses nothing, whatever its status
		['submit', 422, '{"status":"COMPLETED"}', { accepted: 'maybe', repeats: 0 }],
		['submit', 400, '{"status":"QUEUED"}', { accepted: 'maybe', repeats: 0 }],
		['submit', 429, '{"status":"PROCESSING"}', { accepted: 'maybe', repeats: 0 }],
		['submit', 422, '{"error":"FAILED"}', { accepted: 'no', repeats: 0 }],
		['submit', 400, FAILED, { accepted: 'no', repeats: 0 }],
		['submit', 500, FAILED, { accepted: 'maybe', repeats: 0 }],
		['submit', 503, FAILED, { accepted: 'no', repeats: 5 }],
		['poll', 422, FAILED, failed],
		['poll', 422, '{"status":"failed"}', failed],
		['poll', 422, '{"status":"PROCESSING"}', { accepted: 'yes', repeats: Infinity }],
		['poll', 422, '{"status":"FAILED', { accepted: 'yes', repeats: Infinity }],
		['poll', 422, '{"detail":[{"msg":"FAILED"}]}', { accepted: 'yes', repeats: Infinity }],
		['poll', 404, FAILED, { accepted: 'yes', repeats: 0 }],
		['poll', 500, FAILED, { accepted: 'yes', repeats: Infinity }],
		['download', 422, FAILED, { accepted: 'yes', repeats: 0 }],
		['upload', 422, FAILED, { accepted: 'no', repeats: 0 }],
		['credits', 422, FAILED, { accepted: 'no', repeats: 0 }],
	])('at the %s with %d: %s', (stage, status, text, verdict) => {
		expect(onAnswer(stage, status, text)).toStrictEqual(verdict);
	});
});

describe('a fault of the network', () => {
	const TABLE: Array<[fault: NetworkFault, accepted: Accepted]> = [
		// nothing was connected, so nothing was sent
		[{ code: 'ECONNREFUSED', syscall: 'connect' }, 'no'],
		[{ code: 'ETIMEDOUT', syscall: 'connect' }, 'no'],
		[{ code: 'EHOSTUNREACH', syscall: 'connect' }, 'no'],
		[{ code: 'ENETUNREACH', syscall: 'connect' }, 'no'],
		[{ code: 'ECONNRESET', syscall: 'connect' }, 'no'],
		[{ code: 'UNKNOWN', syscall: 'connect' }, 'no'],
		[{ code: 'ENOTFOUND', syscall: 'getaddrinfo' }, 'no'],
		[{ code: 'EAI_AGAIN', syscall: 'getaddrinfo' }, 'no'],
		// n8n refused to send it
		[{ code: 'SsrfBlockedIpError', blocked: true }, 'no'],
		[{ code: 'CREDENTIAL_UNREADABLE', blocked: true }, 'no'],
		[{ code: 'ECONNRESET', syscall: 'read', blocked: true }, 'no'],
		[{ code: 'SsrfBlockedIpError', blocked: false }, 'maybe'],
		[{ code: 'CREDENTIAL_UNREADABLE' }, 'maybe'],
		// the same codes without the call that failed, or with one that comes later
		[{ code: 'ECONNREFUSED' }, 'maybe'],
		[{ code: 'ENOTFOUND' }, 'maybe'],
		[{ code: 'EAI_AGAIN' }, 'maybe'],
		[{ code: 'EHOSTUNREACH' }, 'maybe'],
		[{ code: 'EHOSTUNREACH', syscall: 'read' }, 'maybe'],
		[{ code: 'ENETUNREACH', syscall: 'write' }, 'maybe'],
		[{ code: 'ETIMEDOUT' }, 'maybe'],
		[{ code: 'ETIMEDOUT', syscall: 'read' }, 'maybe'],
		[{ code: 'ECONNABORTED' }, 'maybe'],
		[{ code: 'ECONNRESET' }, 'maybe'],
		[{ code: 'ECONNRESET', syscall: 'read' }, 'maybe'],
		[{ code: 'ECONNRESET', syscall: 'reconnect' }, 'maybe'],
		[{ code: 'EPIPE', syscall: 'write' }, 'maybe'],
		[{ code: 'ERR_CANCELED' }, 'maybe'],
		[{ code: 'UNKNOWN' }, 'maybe'],
		[{ code: '' }, 'maybe'],
		// TLS also breaks after the request was sent
		[{ code: 'EPROTO' }, 'maybe'],
		[{ code: 'EPROTO', syscall: 'write' }, 'maybe'],
		[{ code: 'ERR_SSL_WRONG_VERSION_NUMBER' }, 'maybe'],
		[{ code: 'ERR_SSL_SSLV3_ALERT_BAD_RECORD_MAC' }, 'maybe'],
		[{ code: 'ERR_TLS_HANDSHAKE_TIMEOUT' }, 'maybe'],
		[{ code: 'OUT_OF_MEM' }, 'maybe'],
	];

	it.each(TABLE)('with the POST that buys: %j is %s', (fault, accepted) => {
		expect(onFault('submit', fault)).toStrictEqual({ accepted, repeats: 0 });
	});

	it.each([
		'UNABLE_TO_GET_ISSUER_CERT',
		'UNABLE_TO_GET_CRL',
		'UNABLE_TO_DECRYPT_CERT_SIGNATURE',
		'UNABLE_TO_DECRYPT_CRL_SIGNATURE',
		'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY',
		'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
		'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
		'CERT_SIGNATURE_FAILURE',
		'CERT_NOT_YET_VALID',
		'CERT_HAS_EXPIRED',
		'CERT_CHAIN_TOO_LONG',
		'CERT_REVOKED',
		'CERT_UNTRUSTED',
		'CERT_REJECTED',
		'CRL_SIGNATURE_FAILURE',
		'CRL_NOT_YET_VALID',
		'CRL_HAS_EXPIRED',
		'ERROR_IN_CERT_NOT_BEFORE_FIELD',
		'ERROR_IN_CERT_NOT_AFTER_FIELD',
		'ERROR_IN_CRL_LAST_UPDATE_FIELD',
		'ERROR_IN_CRL_NEXT_UPDATE_FIELD',
		'DEPTH_ZERO_SELF_SIGNED_CERT',
		'SELF_SIGNED_CERT_IN_CHAIN',
		'INVALID_CA',
		'INVALID_PURPOSE',
		'PATH_LENGTH_EXCEEDED',
		'HOSTNAME_MISMATCH',
		'ERR_TLS_CERT_ALTNAME_INVALID',
	])('a certificate that Node refused, %s, was met before a byte was sent', (code) => {
		expect(onFault('submit', { code })).toStrictEqual({ accepted: 'no', repeats: 0 });
		for (const other of [`X_${code}`, `${code} `, `${code}2`, code.toLowerCase()]) {
			expect([other, onFault('submit', { code: other }).accepted]).toEqual([other, 'maybe']);
		}
	});

	it.each(FREE.filter((stage) => stage !== 'history'))('at the %s may always be repeated', (stage) => {
		for (const [fault] of TABLE) {
			expect(onFault(stage, fault)).toStrictEqual({ accepted: BOUGHT[stage], repeats: Infinity });
		}
	});

	// a history that is not there is done without
	it.each(TABLE)('at the history may be repeated where the request may have arrived: %j is %s', (fault, accepted) => {
		const repeats = accepted === 'maybe' ? Infinity : 0;
		expect(onFault('history', fault)).toStrictEqual({ accepted: 'no', repeats });
	});
});

describe.each(['', FAILED, OWN_ERROR])('what is neither: %j', (text) => {
	it.each<[Stage, Verdict]>([
		['submit', { accepted: 'maybe', repeats: 0 }],
		['poll', { accepted: 'yes', repeats: Infinity }],
		['download', { accepted: 'yes', repeats: Infinity }],
		['upload', { accepted: 'no', repeats: Infinity }],
		['credits', { accepted: 'no', repeats: Infinity }],
		['check', { accepted: 'no', repeats: Infinity }],
	])("a success that cannot be read, and a fault of n8n's binary store, at the %s", (stage, verdict) => {
		expect(verdictOn(stage, { came: 'unreadable', text })).toStrictEqual(verdict);
		expect(verdictOn(stage, { came: 'store' })).toStrictEqual(verdict);
		expect(verdictOn(stage, { came: 'store', fault: 'EIO' })).toStrictEqual(verdict);
	});

	it('a history that is not as known is done without', () => {
		expect(verdictOn('history', { came: 'unreadable', text })).toStrictEqual({ accepted: 'no', repeats: 0 });
	});
});

describe("a fault of n8n's binary store that the next try meets again", () => {
	it.each([
		...['ENOSPC', 'EDQUOT', 'EFBIG', 'EROFS', 'EACCES', 'EPERM', 'FileTooLargeError', 'ERR_STRING_TOO_LONG'],
		...['53100', '25006', '42501', '54000', 'SQLITE_FULL', 'SQLITE_READONLY', 'SQLITE_TOOBIG'],
		...['AccessDenied', 'EntityTooLarge'],
	])('%s', (fault) => {
		expect(verdictOn('download', { came: 'store', fault })).toStrictEqual({ accepted: 'yes', repeats: 0 });
		expect(verdictOn('upload', { came: 'store', fault })).toStrictEqual({ accepted: 'no', repeats: 0 });
		expect(verdictOn('submit', { came: 'store', fault })).toStrictEqual({ accepted: 'maybe', repeats: 0 });
	});

	it.each(['ENOSPC2', 'XENOSPC', 'EIO', 'MyFileTooLargeError', 'FileTooLargeErrorOfMine'])('but not %s', (fault) => {
		expect(verdictOn('download', { came: 'store', fault })).toStrictEqual({ accepted: 'yes', repeats: Infinity });
	});
});

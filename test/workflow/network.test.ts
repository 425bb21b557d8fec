import nock from 'nock';

import { KEY } from '../support/fakeSegmind/service';
import { runWorkflow } from '../support/inProcessN8n';
import { fastNode } from '../support/clocks';
import { SAMPLE } from '../support/parameters';
import { CONTINUE } from '../support/sample';

const API = 'https://api.segmind.com';
const SUBMIT = '/v2/kling-2.6-standard-motion-control';

async function generate(baseUrl = API, settings: object = {}) {
	return await runWorkflow({
		nodeType: fastNode(500),
		parameters: SAMPLE,
		credential: { apiKey: KEY, baseUrl, storageUrl: baseUrl, historyUrl: '' },
		settings,
	});
}

beforeAll(() => nock.disableNetConnect());
afterEach(() => {
	expect(nock.pendingMocks()).toEqual([]);
	nock.cleanAll();
});
afterAll(() => {
	nock.enableNetConnect();
	nock.restore();
});

it.each<[string, string | undefined, RegExp, boolean]>([
	['ECONNREFUSED', 'connect', /the connection was refused/, false],
	['ETIMEDOUT', 'connect', /no answer came in time/, false],
	['ECONNRESET', 'connect', /no connection could be made/, false],
	['EHOSTUNREACH', 'connect', /there is no route to its host/, false],
	['ENETUNREACH', 'connect', /there is no route to its host/, false],
	['ENOTFOUND', 'getaddrinfo', /its host name was not found/, false],
	['EAI_AGAIN', 'getaddrinfo', /its host name was not found/, false],
	['DEPTH_ZERO_SELF_SIGNED_CERT', undefined, /its certificate is not trusted/, false],
	['CERT_HAS_EXPIRED', undefined, /its certificate is not trusted/, false],
	['UNABLE_TO_VERIFY_LEAF_SIGNATURE', undefined, /its certificate is not trusted/, false],
	['ERR_TLS_CERT_ALTNAME_INVALID', undefined, /its certificate is not trusted/, false],
	// the same codes also come after the request was taken
	['ECONNREFUSED', undefined, /the connection was refused/, true],
	['EHOSTUNREACH', 'read', /there is no route to its host/, true],
	['ENETUNREACH', undefined, /there is no route to its host/, true],
	['EPROTO', 'write', /no secure connection/, true],
	['ERR_SSL_WRONG_VERSION_NUMBER', undefined, /no secure connection/, true],
	['ERR_SSL_SSLV3_ALERT_BAD_RECORD_MAC', undefined, /no secure connection/, true],
	['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', undefined, /no secure connection/, true],
	['ERR_TLS_HANDSHAKE_TIMEOUT', undefined, /no secure connection/, true],
	['ECONNRESET', 'read', /connection broke off/, true],
	['EPIPE', 'write', /connection broke off/, true],
	['ETIMEDOUT', undefined, /no answer came in time/, true],
	['HPE_INVALID_CONSTANT', undefined, /connection broke off/, true],
	['A_FAULT_THAT_NOBODY_KNOWS', undefined, /connection broke off/, true],
])('a POST that meets %s (%s)', async (code, syscall, meaning, maybeAccepted) => {
	// as Node.js words them; n8n 1 hands on nothing else
	const fault = new Error(`${syscall ?? 'socket'} ${code} 10.0.0.1:443`);
	nock(API)
		.post(SUBMIT)
		.replyWithError(Object.assign(fault, { code, ...(syscall && { syscall }) }));
	const { error } = await generate();
	expect(error?.message).toMatch(meaning);
	expect(error?.message).toContain(`(${code})`);
	expect(error?.message).not.toContain('10.0.0.1');
	expect(/may have been accepted/.test(error?.message ?? '')).toBe(maybeAccepted);
	expect(/This item was not charged/.test(error?.description ?? '')).toBe(!maybeAccepted);
	expect(error?.context?.itemIndex).toBe(0);
});

it('keeps its message in spite of n8n, which would replace one that names ECONNREFUSED', async () => {
	nock(API)
		.post(SUBMIT)
		.replyWithError(
			Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:443'), { code: 'ECONNREFUSED', syscall: 'connect' }),
		);
	const { items } = await generate(API, CONTINUE);
	expect(items[0]?.json).toEqual({ error: 'Segmind could not be reached: the connection was refused (ECONNREFUSED)' });
});

it('a port where nobody listens', async () => {
	nock.enableNetConnect('127.0.0.1');
	const { error } = await generate('http://127.0.0.1:9');
	nock.disableNetConnect();
	expect(error?.message).toMatch(/connection was refused/);
});

import nock from 'nock';

import { KEY } from '../support/fakeSegmind/service';
import { runWorkflow } from '../support/inProcessN8n';
import { fastClock, nodeOn } from '../support/nodeTypes';
import { SAMPLE } from '../support/parameters';
import { CONTINUE } from '../support/workbench';

const API = 'https://api.segmind.com';
const SUBMIT = '/v2/kling-2.6-standard-motion-control';

async function generate(baseUrl = API, settings: object = {}) {
	return await runWorkflow({
		nodeType: nodeOn(fastClock(500)),
		parameters: { ...SAMPLE, options: { timeout: 1 } },
		credential: { apiKey: KEY, baseUrl, storageUrl: baseUrl },
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

it.each([
	['ECONNREFUSED', /connection was refused/, false],
	['ENOTFOUND', /name of its host was not found/, false],
	['EAI_AGAIN', /name of its host was not found/, false],
	['EHOSTUNREACH', /no way to its host/, false],
	['DEPTH_ZERO_SELF_SIGNED_CERT', /no secure connection/, false],
	['CERT_HAS_EXPIRED', /no secure connection/, false],
	['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /no secure connection/, false],
	['EPROTO', /no secure connection/, false],
	['ECONNRESET', /connection broke off/, true],
	['EPIPE', /connection broke off/, true],
	['ETIMEDOUT', /no answer came in time/, true],
	['HPE_INVALID_CONSTANT', /connection broke off/, true],
])('a POST that meets %s', async (code, meaning, maybeAccepted) => {
	nock(API)
		.post(SUBMIT)
		.replyWithError(Object.assign(new Error(`socket ${code} at 10.0.0.1`), { code }));
	const { error } = await generate();
	expect(error?.message).toMatch(meaning);
	expect(error?.message).toContain(`(${code})`);
	expect(error?.message).not.toContain('10.0.0.1');
	expect(/may have been accepted/.test(error?.message ?? '')).toBe(maybeAccepted);
	expect(/Nothing was charged/.test(error?.description ?? '')).toBe(!maybeAccepted);
	expect(error?.context?.itemIndex).toBe(0);
});

it('keeps its message in spite of n8n, which would replace one that names ECONNREFUSED', async () => {
	nock(API)
		.post(SUBMIT)
		.replyWithError(Object.assign(new Error('x'), { code: 'ECONNREFUSED' }));
	const { items } = await generate(API, CONTINUE);
	expect(items[0]?.json).toEqual({ error: 'Segmind could not be reached, the connection was refused (ECONNREFUSED)' });
});

it('a port where nobody listens', async () => {
	nock.enableNetConnect('127.0.0.1');
	const { error } = await generate('http://127.0.0.1:9');
	nock.disableNetConnect();
	expect(error?.message).toMatch(/connection was refused/);
});

import nock from 'nock';

import { KEY, VIDEO } from '../support/fakeSegmind/service';
import { bytesOf, runWorkflow } from '../support/inProcessN8n';
import { fastNode } from '../support/clocks';
import { SAMPLE, SAMPLE_BODY } from '../support/parameters';

const API = 'https://api.segmind.com';
const ID = '8f14e45f-ceea-4672-9c2b-1f0a3d5b7c21';
const SUBMIT = '/v2/kling-2.6-standard-motion-control';
const unmatched: string[] = [];

async function generate(options: object = { checkUrls: false }) {
	return await runWorkflow({
		nodeType: fastNode(500),
		parameters: { ...SAMPLE, options },
		credential: { apiKey: KEY, baseUrl: API, storageUrl: API, historyUrl: '' },
	});
}

beforeAll(() => {
	nock.disableNetConnect();
	nock.emitter.on('no match', (request: { path?: string; options?: { path?: string } }) =>
		unmatched.push(String(request.path)),
	);
});
afterEach(() => {
	expect(nock.pendingMocks()).toEqual([]);
	expect(unmatched).toEqual([]);
	nock.cleanAll();
});
afterAll(() => {
	nock.enableNetConnect();
	nock.restore();
});

it('follows the documented exchange to the letter', async () => {
	nock(API, { reqheaders: { 'x-api-key': KEY, accept: 'application/json' } })
		.post(SUBMIT, SAMPLE_BODY)
		.reply(200, {
			request_id: ID,
			status: 'QUEUED',
			poll_url: 'https://evil.test/',
			status_url: 'https://evil.test/',
			response_url: 'https://evil.test/',
		})
		.get(`/v2/requests/${ID}/status`)
		.reply(200, { status: 'PROCESSING', request_id: ID })
		.get(`/v2/requests/${ID}/status`)
		.reply(200, { status: 'COMPLETED', request_id: ID })
		.get(`/v2/requests/${ID}`)
		.reply(200, { status: 'COMPLETED', output: 'https://images.segmind.com/a.mp4', metrics: { cost: 1 } });
	nock('https://images.segmind.com', { badheaders: ['x-api-key', 'authorization'] })
		.get('/a.mp4')
		.reply(200, VIDEO, { 'content-type': 'binary/octet-stream' });
	const { items, error } = await generate();
	expect(error).toBeUndefined();
	expect(items[0]?.binary?.data).toMatchObject({ fileName: 'a.mp4', mimeType: 'video/mp4' });
	expect((await bytesOf(items[0])).equals(VIDEO)).toBe(true);
});

it('takes the key to no other address by a redirect', async () => {
	nock(API).post(SUBMIT).reply(307, '', { location: 'https://evil.test/steal' });
	const { error } = await generate();
	expect(error?.message).toMatch(/redirect/);
	expect(error?.description).toMatch(/This item was not charged/);
});

it('follows a redirect of the media host, without the key', async () => {
	nock(API).post(SUBMIT).reply(200, { request_id: ID });
	nock(API).get(`/v2/requests/${ID}/status`).reply(200, { status: 'COMPLETED' });
	nock(API).get(`/v2/requests/${ID}`).reply(200, { status: 'COMPLETED', output: 'https://images.segmind.com/a' });
	nock('https://images.segmind.com').get('/a').reply(302, '', { location: 'https://cdn.test/b.mp4' });
	nock('https://cdn.test', { badheaders: ['x-api-key'] })
		.get('/b.mp4')
		.reply(200, VIDEO, { 'content-type': 'video/mp4' });
	const { items } = await generate();
	expect((await bytesOf(items[0])).equals(VIDEO)).toBe(true);
});

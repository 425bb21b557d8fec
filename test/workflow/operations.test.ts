import { NO_HISTORY } from '../support/fakeSegmind/history';
import type { FakeServer } from '../support/fakeSegmind/server';
import { VIDEO, type FakeSettings } from '../support/fakeSegmind/service';
import { bytesOf } from '../support/inProcessN8n';
import { CONTINUE, RETRY, runSample } from '../support/sample';

let server: FakeServer;

async function run(...args: Parameters<typeof runSample>) {
	const result = await runSample(...args);
	server = result.server;
	return result;
}

afterEach(async () => await server.close());

describe('Submit Request', () => {
	it('answers at once with the id', async () => {
		const { items } = await run({ latency: 60_000 }, { operation: 'submit' });
		expect(items).toEqual([
			{
				json: { request_id: server.segmind.jobs[0]?.id, status: 'QUEUED', model: 'kling-2.6-standard-motion-control' },
				pairedItem: { item: 0 },
			},
		]);
		expect(server.segmind.log.map(({ route }) => route)).toEqual(['submit']);
	});

	it('submits once under Retry On Fail', async () => {
		const fault: FakeSettings['fault'] = (_r, route) =>
			route === 'submit' ? { status: 500, handled: true } : undefined;
		const { error } = await run({ fault, history: NO_HISTORY }, { operation: 'submit' }, { settings: RETRY });
		expect(server.segmind.posts).toHaveLength(1);
		expect(error?.message).toMatch(/may have been accepted/);
	});

	it('does not fall back to a blocking request', async () => {
		const { error } = await run({ v2: false }, { operation: 'submit' });
		expect(server.segmind.posts.map(({ path }) => path)).toEqual(['/v2/kling-2.6-standard-motion-control']);
		expect(error?.httpCode).toBe('404');
	});
});

describe('Get Video', () => {
	async function submitted(settings: Partial<FakeSettings> = {}) {
		const { items, server: running } = await run({ latency: 60, ...settings }, { operation: 'submit' });
		return { running, requestId: String(items[0]?.json.request_id) };
	}
	const get = async (running: FakeServer, requestId: string, options: object = {}, settings: object = {}) =>
		await run(running, { operation: 'getVideo', requestId, options }, { settings });

	it('waits and downloads', async () => {
		const { running, requestId } = await submitted();
		const { items } = await get(running, ` ${requestId} `, { binaryPropertyName: 'clip' });
		expect(items[0]?.json).toEqual({
			request_id: requestId,
			status: 'COMPLETED',
			video_url: `${running.segmind.mediaOrigin}/outputs/${requestId}.mp4`,
			metrics: { cost: 0.967, remaining_credits: 25.5, inference_time: 608.2, queue_time: 1.5, total_time: 609.7 },
		});
		expect((await bytesOf(items[0], 'clip')).equals(VIDEO)).toBe(true);
		expect(running.segmind.posts).toHaveLength(1);
	});

	it('gives the status as it is where it is not to wait', async () => {
		const { running, requestId } = await submitted({ latency: 60_000 });
		const { items, error } = await get(running, requestId, { waitForCompletion: false });
		expect(error).toBeUndefined();
		expect(items).toEqual([
			{ json: { request_id: requestId, status: 'QUEUED', metrics: { queue_time: 1.5 } }, pairedItem: { item: 0 } },
		]);
	});

	it('downloads a finished one also where it is not to wait', async () => {
		const { running, requestId } = await submitted({ latency: 0 });
		const { items } = await get(running, requestId, { waitForCompletion: false });
		expect((await bytesOf(items[0])).equals(VIDEO)).toBe(true);
	});

	it.each([true, false])('takes a failed one for an error with its reason (wait: %p)', async (waitForCompletion) => {
		const { running, requestId } = await submitted({ latency: 0, fails: () => 'no person' });
		const { error } = await get(running, requestId, { waitForCompletion });
		expect(error?.message).toBe('Segmind could not make the video: no person');
		expect(error?.description).toMatch(new RegExp(` Failed requests, not charged: item 0: ${requestId}\\.$`));
		expect(error?.description).toMatch(/not charged/);
	});

	it('says what an unknown id may be', async () => {
		const { running } = await submitted();
		const id = '8f14e45f-ceea-4672-9c2b-1f0a3d5b7c21';
		const { error } = await get(running, id);
		expect(error?.message).toContain(id);
		expect(error?.description).toMatch(/not in the request history either/);
		expect(running.segmind.requestsTo('status')).toHaveLength(1);
	});

	it.each(['../../v1/get-user-credits', 'a/b', 'a?b=c', 'ä', '=', '={{ "" }}', '={{ [5, 6] }}'])(
		'sends nothing for the id %p',
		async (id) => {
			const { running } = await submitted();
			const { error } = await get(running, id.startsWith('=') ? id : `=${id}`, {}, {});
			expect(error?.message).toMatch(/^Request ID (must be the request_id of an earlier request|is empty)/);
			expect(running.segmind.log).toHaveLength(1);
		},
	);

	it('names the id where the video is not ready in time', async () => {
		const { running, requestId } = await submitted({ latency: 60_000 });
		const { items } = await get(running, requestId, { timeout: 0.5 }, CONTINUE);
		expect(items[0]?.json).toEqual({
			error: `The video was not ready after 0.5 minutes (QUEUED) [request ${requestId}]`,
			request_id: requestId,
			status: 'QUEUED',
		});
	});
});

describe('Get Credit Balance', () => {
	it('gives the answer as it is', async () => {
		const { items } = await run({ credits: 12.25 }, { operation: 'getCredits' });
		expect(items).toEqual([{ json: { credits: 12.25 }, pairedItem: { item: 0 } }]);
		expect(server.segmind.log.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /v1/get-user-credits']);
	});

	it('tries again on a passing fault', async () => {
		const { items } = await run(
			{ fault: (_r, _route, count) => (count < 2 ? { status: 502, body: '<html></html>' } : undefined) },
			{ operation: 'getCredits' },
		);
		expect(items[0]?.json).toEqual({ credits: 25.5 });
	});

	it.each([
		[404, { error: 'No credits found for the user' }, /no credits for this account: No credits found/],
		[
			401,
			{ error: 'unauthorized', error_description: 'Unauthorized. API key is invalid' },
			/does not accept the API key/,
		],
		[401, { error: 'Missing Authorization or x-api-key in header' }, /got no API key/],
		[200, '<html></html>', /has an unexpected format/],
	])('says what %d means', async (status, body, message) => {
		const { error } = await run({ fault: () => ({ status, body }) }, { operation: 'getCredits' });
		expect(error?.message).toMatch(message);
		expect(error?.description).toBeTruthy();
	});
});

it('refuses a label as it is, since n8n then leaves out the fields', async () => {
	const { error, server } = await run({}, { operation: 'Generate Video' });
	expect(error?.message).toBe('Operation must be generate, not “Generate Video”');
	expect(error?.description).toMatch(/^Choose “Operation” again: for other values n8n leaves out its fields\./);
	expect(server.segmind.log).toEqual([]);
});

it('refuses an operation that it does not know', async () => {
	const { error } = await run({}, { operation: '=destroy' });
	expect(error?.message).toMatch(/^Operation must be one of/);
});

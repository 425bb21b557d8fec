import { VIDEO } from '../support/fakeSegmind/service';
import { head, type Exchange, type Script } from '../support/front';
import { closeFronts, runFronted, type FrontedResult } from '../support/fronted';
import { bytesOf, savedForRetry } from '../support/inProcessN8n';

const FAILED = /could not make the video/;

afterEach(closeFronts);

const isStatus = ({ request }: Exchange) => request.method === 'GET' && request.path.endsWith('/status');
const isResult = (exchange: Exchange) => /^\/v2\/requests\//.test(exchange.request.path) && !isStatus(exchange);
const json = (status: number, body: object) => Buffer.concat([head(status), Buffer.from(JSON.stringify(body))]);
const page = (status: number) => Buffer.concat([head(status), Buffer.from('<html><h1>Unprocessable</h1></html>')]);

/** A script with other answers for the two routes of a poll; undefined leaves it to the fake Segmind. */
const polls =
	(
		status: (exchange: Exchange) => Buffer | undefined,
		result: (exchange: Exchange) => Buffer | undefined = () => undefined,
	): Script =>
	(exchange) => {
		const bytes = isStatus(exchange) ? status(exchange) : isResult(exchange) ? result(exchange) : undefined;
		return bytes ? void exchange.socket.end(bytes) : 'answer';
	};

/** One POST for one job, whose id a person is told; it is not called failed. */
function expectKept({ posts, server, text }: FrontedResult): void {
	expect(posts).toBe(1);
	expect(text).toContain(server.segmind.jobs[0]?.id);
	expect(text).not.toMatch(FAILED);
}

async function expectDelivered(result: FrontedResult, jobs = 1): Promise<void> {
	expect(result.error).toBeUndefined();
	expect(result.posts).toBe(jobs);
	expect(result.items[0]?.json.request_id).toBe(result.server.segmind.jobs[jobs - 1]?.id);
	expect((await bytesOf(result.items[0])).equals(VIDEO)).toBe(true);
}

describe('2. a poll that is answered 422 is no failed job, unless its body says so', () => {
	const bodies: Array<[string, Buffer]> = [
		['a web page', page(422)],
		['nothing', head(422)],
		['a validation error', json(422, { detail: [{ loc: ['path', 'id'], msg: 'not a uuid' }] })],
		['an error that names the word', json(422, { error: 'FAILED' })],
		['a text', Buffer.concat([head(422), Buffer.from('FAILED')])],
		['a list', Buffer.concat([head(422), Buffer.from('[{"status": "FAILED"}]')])],
		['a nested status', json(422, { data: { status: 'FAILED' } })],
		['a status that begins like it', json(422, { status: 'FAILED_VALIDATION' })],
		['a status that is no word', json(422, { status: 422, error: 'failed' })],
		['half a body', Buffer.concat([head(422, { 'content-length': '99' }), Buffer.from('{"status": "FAILED", "err')])],
	];

	it.each(bodies)('%s on the status route: one POST', async (_name, bytes) => {
		expectKept(await runFronted({ api: polls(() => bytes), options: { timeout: 0.5 } }));
	});

	it.each(bodies)('%s on the result route: one POST', async (_name, bytes) => {
		const api = polls(
			() => undefined,
			() => bytes,
		);
		expectKept(await runFronted({ api, options: { timeout: 0.5 } }));
	});

	it('which passes: the video comes', async () => {
		await expectDelivered(await runFronted({ api: polls(({ count }) => (count < 4 ? page(422) : undefined)) }));
	});

	it.each([200, 422])('a body that says FAILED is one (HTTP %d): it is bought again', async (status) => {
		const failed = json(status, { status: 'FAILED', error: 'no person' });
		const { posts, text } = await runFronted({
			api: polls(
				() => failed,
				() => failed,
			),
		});
		expect(posts).toBe(3);
		expect(text).toMatch(FAILED);
	});

	it.each([400, 401, 403, 404, 405, 409, 410, 451, 500, 503, 999])(
		'nor is HTTP %d, even for the whole of the timeout',
		async (status) => {
			expectKept(await runFronted({ api: polls(() => page(status)), options: { timeout: 0.3 } }));
		},
	);
});

describe('3. a result that is there is delivered, whatever the status says', () => {
	const failed = (status = 200) => json(status, { status: 'FAILED', metrics: {} });

	it('a status of FAILED without a reason', async () => {
		await expectDelivered(await runFronted({ api: polls(() => failed()) }));
	});

	it('a status of FAILED with a reason', async () => {
		await expectDelivered(await runFronted({ api: polls(() => json(200, { status: 'FAILED', error: 'no' })) }));
	});

	it('a status route that answers 422 and FAILED', async () => {
		await expectDelivered(await runFronted({ api: polls(() => failed(422)) }));
	});

	it('a result route that is not available at first', async () => {
		const api = polls(
			() => failed(),
			({ count }) => (count < 3 ? page(503) : undefined),
		);
		await expectDelivered(await runFronted({ api }));
	});

	it.each([
		['all the time', page(503)],
		['as it says of itself', head(401)],
		['by a body that is cut off', Buffer.concat([head(200, { 'content-length': '99' }), Buffer.from('{"status"')])],
		['by a page', page(200)],
		['by a page of 422', page(422)],
	])('a result route that is not available, %s: the job is kept', async (_name, bytes) => {
		const api = polls(
			() => failed(),
			() => bytes,
		);
		expectKept(await runFronted({ api }));
	});

	it.each([
		['a status and a result of FAILED', 200, true],
		['a result of FAILED alone', 200, false],
		['a status and a result of 422 and FAILED', 422, true],
	])('a result that names the video and says FAILED (%s)', async (_name, status, isInStatus) => {
		const result = await runFronted({
			segmind: { latency: 0 },
			api: ({ request, socket, handle }) => {
				if (isInStatus && request.path.endsWith('/status')) return void socket.end(failed(status));
				if (!/^\/v2\/requests\/[^/]+$/.test(request.path)) return 'answer';
				return handle().then(({ body }) => {
					const made = JSON.parse(body.toString()) as object;
					socket.end(json(status, { ...made, status: 'FAILED', error: 'no' }));
				});
			},
		});
		await expectDelivered(result);
	});

	it('but an echo of the motion video is no result', async () => {
		const url = 'https://motion.test/motion.mp4';
		const echo = (key: string) => json(200, { status: 'FAILED', error: 'no', [key]: url });
		for (const key of ['output', 'video', 'video_url', 'url']) {
			const { text, items } = await runFronted({
				api: polls(
					() => failed(),
					() => echo(key),
				),
				parameters: { videoUrl: url },
				options: { checkUrls: false },
				run: { settings: {} },
			});
			expect([key, items]).toEqual([key, []]);
			expect(text).toMatch(FAILED);
		}
	});

	it('a job that goes on after all', async () => {
		const api = polls(({ count }) => (count < 2 ? failed() : undefined));
		await expectDelivered(await runFronted({ api, segmind: { latency: 300 } }));
	});

	it('no result anywhere: it failed, and a second job is bought', async () => {
		const api = polls(
			({ request }) => (request.path.includes(firstId(request.path)) ? failed() : undefined),
			({ request }) => (request.path.includes(firstId(request.path)) ? head(404) : undefined),
		);
		const seen: string[] = [];
		const firstId = (path: string) => {
			const id = path.split('/')[3] ?? '';
			if (!seen.includes(id)) seen.push(id);
			return seen[0] ?? '';
		};
		await expectDelivered(await runFronted({ api }), 2);
	});

	it("is found by the Executions list's Retry, too", async () => {
		let down = true;
		const api = polls(
			() => failed(),
			() => (down ? page(503) : undefined),
		);
		const first = await runFronted({ api });
		expectKept(first);
		down = false;
		const second = await first.again({ executionId: '2', retryOf: savedForRetry(first) });
		await expectDelivered(second);
	});
});

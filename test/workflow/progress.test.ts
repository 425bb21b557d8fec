import { n8nWith } from '../support/histories';
import { SAMPLE } from '../support/parameters';
import { VirtualN8n } from '../support/virtualN8n';

const HOUR = 60 * 60_000;
const QUIET = { checkUrls: false };
const withOptions = (options: object) => ({ ...SAMPLE, options: { ...QUIET, ...options } });

/** What the console heard, without the IDs of requests. */
const heard = ({ messages }: VirtualN8n) => messages.map((message) => message.replace(/, request .*$/, ''));
const notes = ({ hints }: VirtualN8n) =>
	hints.filter(({ type }) => type === 'info').map(({ message, location }) => [location, message]);

describe('the console and the log hear', () => {
	it('of a rate limit, and of every item that it holds', async () => {
		const n8n = new VirtualN8n({
			latency: 1_000,
			fault: (_request, route, count) =>
				route === 'submit' && count === 0 ? { status: 429, headers: { 'retry-after': '60' } } : undefined,
		});
		const parameters = (item: number) => ({ ...withOptions({}), prompt: `dance ${item}` });
		await n8n.run({ parameters, items: 7 });
		expect(heard(n8n)).toContainEqual(
			expect.stringMatching(/^Item 0: Segmind's rate limit was reached: fault 429; next try in 6[01] s$/),
		);
		const until = heard(n8n).filter((text) => / waiting at Segmind's rate limit until \d\d:\d\d:\d\d UTC$/.test(text));
		expect(until.length).toBeGreaterThan(0);
		expect(n8n.logs).toHaveLength(n8n.messages.length);
	});

	it("of v1's long answer", async () => {
		const n8n = new VirtualN8n({ latency: 1_000 });
		await n8n.run({ parameters: withOptions({ apiMode: 'sync' }) });
		expect(heard(n8n)[0]).toBe('Item 0: requesting it in blocking mode (v1), which answers when the video is ready');
	});

	it('of a poll and a download that are repeated', async () => {
		const n8n = new VirtualN8n({
			latency: 1_000,
			fault: (_request, route, count) =>
				['status', 'media'].includes(route) && count === 0 ? { status: 503 } : undefined,
		});
		await n8n.run({ parameters: withOptions({}) });
		expect(heard(n8n)).toEqual([
			'Item 0: accepted',
			'Item 0: Segmind is not available at the moment (HTTP 503): fault 503; next try in 1 s',
			'Item 0: COMPLETED',
			expect.stringMatching(/^Item 0: downloading the video( \(\d+\.\d+ MB\))?$/),
			'Item 0: The finished video could not be downloaded: its host answered HTTP 503: fault 503; next try in 1 s',
			expect.stringMatching(/^Item 0: video ready/),
		]);
		expect(n8n.logs).toEqual(n8n.messages.map((message) => `Kling Motion Control, ${message}`));
	});

	it('of a look into the request history', async () => {
		const lost = n8nWith({
			fault: (_request, route, count) =>
				route === 'submit' && count === 0 ? { handled: true, cut: 'before' } : undefined,
		});
		await lost.run({ parameters: withOptions({}) });
		expect(heard(lost)[0]).toBe('Item 0: looking for its request in the request history');
		const reusing = n8nWith({});
		await reusing.run({ parameters: withOptions({ reuseWithin: 1 }) });
		expect(heard(reusing)[0]).toBe('Item 0: looking for an identical request in the request history');
		const old = n8nWith({});
		const { id } = old.segmind.remember({ model: SAMPLE.model, request: {} as never, age: 5 * HOUR, expired: true });
		await old.run({ parameters: { operation: 'getVideo', requestId: id } });
		expect(heard(old)[0]).toBe('Item 0: looking it up in the request history');
	});
});

describe('beside the output stands', () => {
	it.each([
		[1, '1 video cost $0.97.'],
		[3, '3 videos cost $2.90.'],
	])('what %d items cost', async (items, message) => {
		const n8n = new VirtualN8n({ latency: 1_000 });
		await n8n.run({ parameters: withOptions({}), items });
		expect(notes(n8n)).toEqual([['outputPane', message]]);
	});

	it('what an earlier try had paid for', async () => {
		const n8n = new VirtualN8n({
			latency: 1_000,
			fault: (_request, route, count) => (route === 'media' && count < 5 ? { status: 503 } : undefined),
		});
		await n8n.run({ parameters: withOptions({}), tries: 2 });
		expect(notes(n8n)).toEqual([
			['outputPane', '1 video cost $0.97. Item 0 continued a request that was already paid for.'],
		]);
	});

	it('what was reused, which costs nothing', async () => {
		const n8n = n8nWith({ latency: 1_000 });
		await n8n.run({ parameters: withOptions({}), items: 2 });
		n8n.context = {};
		n8n.hints.length = 0;
		await n8n.run({ parameters: withOptions({ reuseWithin: 1 }), items: 3 });
		expect(notes(n8n)).toEqual([
			['outputPane', '1 video cost $0.97. Items 0 and 1 each reused an earlier request, which is free.'],
		]);
	});

	it('nothing of the kind where nothing was bought', async () => {
		const n8n = new VirtualN8n();
		await n8n.run({ parameters: { operation: 'getCredits' } });
		expect(n8n.hints).toEqual([]);
	});
});

import type { Fault } from '../support/fakeSegmind/service';
import { firstPosts, looksOf, n8nWith, sampleBy, wordsOf } from '../support/histories';
import { SAMPLE_BODY } from '../support/parameters';
import type { VirtualN8n } from '../support/virtualN8n';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const OLD = '0000dead-0000-4000-8000-000000000001';
const LOST: Fault = { handled: true, cut: 'before' };

/** The rows of the service, whose times are those of a clock that is this much ahead, in ms, and have no zone. */
function rowsAhead({ segmind, clock }: VirtualN8n, ahead: number): object[] {
	return [...segmind.jobs]
		.sort((a, b) => b.createdAt - a.createdAt)
		.map(({ id, model, request, createdAt }) => {
			const isDone = clock.now() - createdAt >= 5 * MINUTE;
			return {
				request_id: id,
				model_name: model,
				model_status: isDone ? 'COMPLETED' : 'PENDING',
				request_body: request,
				generation_url: isDone ? `https://images.segmind.test/outputs/${id}.mp4` : null,
				model_created: new Date(createdAt + ahead).toISOString().slice(0, -1),
			};
		});
}

describe('a history whose times are those of the future', () => {
	/** An n8n whose first POST meets this fault, after an equal request of that age. */
	function ahead(time: number, fault: Fault, age: number): VirtualN8n {
		const n8n: VirtualN8n = n8nWith({
			fault: (_request, route, count) => {
				if (route === 'history') return { status: 200, body: { data: rowsAhead(n8n, time) } };
				return route === 'submit' && count === 0 ? fault : undefined;
			},
		});
		n8n.segmind.remember({ id: OLD, model: 'kling-2.6-standard-motion-control', request: SAMPLE_BODY, age });
		return n8n;
	}

	it.each([
		['a zone east of UTC', 5.5 * 60 * MINUTE, 30 * MINUTE],
		['a clock ahead', 10 * MINUTE, 8 * MINUTE],
	])('%s: the request itself is found, and no older one', async (_name, time, age) => {
		const n8n = ahead(time, LOST, age);
		const { items } = await n8n.run({ parameters: sampleBy('async') });
		expect(n8n.segmind.requestsTo('submit')).toHaveLength(1);
		expect(items?.[0]?.json.request_id).toBe(n8n.segmind.jobs.find(({ id }) => id !== OLD)?.id);
	});

	it('is no proof of a request that was not accepted', async () => {
		const n8n = ahead(5.5 * 60 * MINUTE, { status: 502 }, 30 * MINUTE);
		const outcome = await n8n.run({ parameters: sampleBy('async') });
		expect(wordsOf(outcome)).toMatch(/may have been accepted and charged/);
		expect(wordsOf(outcome)).not.toContain(OLD);
	});

	it('serves no Reuse Within', async () => {
		const n8n = ahead(5.5 * 60 * MINUTE, { status: 502 }, 120 * MINUTE);
		const outcome = await n8n.run({ parameters: sampleBy('async', { reuseWithin: 1 }) });
		expect(wordsOf(outcome)).toMatch(/does not say when request 0000dead/);
		expect(n8n.segmind.requestsTo('submit')).toEqual([]);
	});
});

describe('a history without an end', () => {
	/** The faults of a service whose pages are all full, of other requests without a readable time, and take this long, in ms. */
	function endless(post: Fault, after: number): VirtualN8n {
		const submits = firstPosts(post);
		return n8nWith({
			fault: (request, route, count) => {
				if (route !== 'history') return submits(request, route, count);
				const page = Number(new URL(request.path, 'http://x').searchParams.get('page'));
				const data = Array.from({ length: 100 }, (_, row) => ({
					request_id: `00000000-0000-4000-8000-${String(page * 100 + row).padStart(12, '0')}`,
					model_name: 'kling-2.6-standard-motion-control',
					model_status: 'COMPLETED',
					request_body: { prompt: `another ${row}` },
					when: 'yesterday',
				}));
				return { status: 200, after, body: { data } };
			},
		});
	}

	it('is asked once after a stop', async () => {
		const n8n = endless({ handled: true, cut: 'never answers' }, SECOND);
		await n8n.run({ parameters: sampleBy('async'), stopAt: 10 * SECOND });
		expect(looksOf(n8n)).toHaveLength(1);
	});

	it('ends with the deadline', async () => {
		const n8n = endless(LOST, 1.9 * SECOND);
		const began = n8n.clock.now();
		await n8n.run({ parameters: sampleBy('async', { timeout: 2 }) });
		expect(n8n.clock.now() - began).toBeLessThanOrEqual(2 * MINUTE + 2 * SECOND);
	});

	it('buys nothing where Reuse Within could not read it to its end in time', async () => {
		const n8n = endless(LOST, 1.9 * SECOND);
		const outcome = await n8n.run({ parameters: sampleBy('async', { reuseWithin: 1, timeout: 2 }) });
		expect(wordsOf(outcome)).toMatch(/needs the request history: .*no answer came in time/);
		expect(looksOf(n8n).length).toBeLessThanOrEqual(300 / 1.9 + 1);
		expect(n8n.segmind.requestsTo('submit')).toEqual([]);
	});
});

import { SAMPLE } from '../test/support/parameters';
import { limited } from '../test/support/rateLimit';
import { VirtualClock, VirtualN8n } from '../test/support/virtualN8n';
import { finish, type Row } from './support';

const MINUTE = 60_000;
const ITEMS = 1_000;
const LIMIT = 60;

/** Many items at a service that takes 60 submits a minute, in virtual time. */
finish(async (): Promise<Row[]> => {
	const clock = new VirtualClock();
	const n8n = new VirtualN8n({ latency: 30_000, ...limited(clock, LIMIT, true) }, clock);
	const began = clock.now();
	const { items = [] } = await n8n.run({
		items: ITEMS,
		parameters: (n) => ({ ...SAMPLE, prompt: `dance ${n}`, options: { maxConcurrency: 100, maxRequests: 1_000 } }),
	});
	const minutes = (clock.now() - began) / MINUTE;
	return [
		{
			items: ITEMS,
			done: items.filter(({ json }) => json.status === 'COMPLETED').length,
			'refused (429)': n8n.segmind.posts.length - ITEMS,
			'minutes of virtual time': Number(minutes.toFixed(1)),
			'of the limit, %': Number(((ITEMS / minutes / LIMIT) * 100).toFixed(1)),
		},
	];
});

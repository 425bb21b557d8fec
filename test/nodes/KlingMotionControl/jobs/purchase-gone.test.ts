import {
	faultOf,
	MP4,
	refusal,
	thrown,
	type Given,
	type HttpAnswer,
	type SentRequest,
	type VirtualServices,
} from '../../../support/virtualServices';
import { COMPLETED, DONE, FINISHED, named, virtualShop } from '../../../support/virtualShop';

const FILE = { downloadVideo: true, fileName: '' };
const NEW_URL = 'https://images.segmind.test/b.mp4';
const ANEW: Given = { body: { status: 'COMPLETED', output: NEW_URL } };
const VIDEO: HttpAnswer = { body: MP4, headers: { 'content-type': 'video/mp4' } };

/** A purchase whose result is known, and a way to fetch its video. */
async function finished(answers: VirtualServices['answers'], mode: 'async' | 'sync' = 'async') {
	const shop = virtualShop({ submit: named('a'), status: COMPLETED, result: DONE, ...answers });
	const { clock, purchases, buy, result } = shop;
	const fetch = async (more: object = {}) => {
		const purchase = await buy({ mode });
		const known = await result(purchase);
		return await clock.drive(purchases.download(0, { ...purchase, ...more, finished: known }, FILE));
	};
	return { ...shop, fetch };
}

describe('a video whose download failed', () => {
	it.each<[string, HttpAnswer | Error, boolean]>([
		['403', refusal(403), true],
		['404', refusal(404), true],
		['410', refusal(410), true],
		['401', refusal(401), false],
		['500', refusal(500), false],
		['a connection that breaks', faultOf('ECONNRESET'), false],
	])('by %s gets a new URL by the next try only where its URL is dead', async (_fault, media, isDead) => {
		// each of a bounded number of tries fails, and then the host is well again
		let isWell = false;
		const { fetch, entries, requests, routes } = await finished({
			result: [DONE, ANEW],
			media: () => (isWell ? VIDEO : media),
		});
		expect(await thrown(fetch())).toMatchObject({ details: { requestId: 'a', videoUrl: FINISHED.video.url } });
		isWell = true;
		expect(await fetch()).toMatchObject({ data: MP4 });
		expect(requests.at(-1)?.url).toBe(isDead ? NEW_URL : FINISHED.video.url);
		expect(routes().filter((route) => route === 'result')).toHaveLength(isDead ? 2 : 1);
		expect(routes().filter((route) => route === 'submit')).toHaveLength(1);
		// the new result is as good as any
		expect(entries()).toMatchObject([{ requestId: 'a' }]);
		expect(entries()[0]?.stale).toBeUndefined();
	});

	it.each<[string, Given, object, RegExp]>([
		[
			'is gone, and was reused',
			refusal(404),
			{ reused: true },
			/^The video of an identical request was reused, but it/,
		],
		['is gone, and was bought', refusal(404), {}, /^(?!The video of an equal request)/],
		['is not gone, and was reused', refusal(401), { reused: true }, /^(?!The video of an equal request)/],
	])('is told so: it %s', async (_which, media, more, message) => {
		const { fetch } = await finished({ media });
		expect(await thrown(fetch(more))).toMatchObject({ message: expect.stringMatching(message) });
	});

	it('is only known by its URL where it has no id', async () => {
		const { fetch, routes, entries } = await finished({ blocking: DONE, media: [refusal(404), VIDEO] }, 'sync');
		await thrown(fetch());
		expect(entries()).toEqual([expect.not.objectContaining({ stale: true })]);
		expect(await fetch()).toMatchObject({ data: MP4 });
		expect(routes()).toEqual(['blocking', 'media', 'media']);
	});
});

describe('a result whose URL is dead, and that is asked for again,', () => {
	const silent = async ({ abortSignal }: SentRequest) =>
		await new Promise<never>((_, reject) =>
			abortSignal.addEventListener('abort', () => reject(faultOf('ERR_CANCELED')), { once: true }),
		);

	it('is the one that is known where Segmind does not know the request any more', async () => {
		const { fetch, buy, result } = await finished({ status: [COMPLETED, refusal(404)], media: refusal(404) });
		await thrown(fetch());
		expect(await result(await buy())).toEqual(FINISHED);
	});

	it('is none after a stop', async () => {
		const { fetch, clock, cancel, buy, result } = await finished({ status: [COMPLETED, silent], media: refusal(404) });
		await thrown(fetch());
		const purchase = await buy();
		void clock.sleep(1_000).then(cancel);
		expect(await thrown(result(purchase))).toMatchObject({ kind: 'stopped', details: { requestId: 'a' } });
	});
});

it('keeps a request whose result met an error of another kind, and says so without its words', async () => {
	const { session, buy, result, entries } = virtualShop({ submit: named('a') });
	jest.spyOn(session.client, 'poll').mockRejectedValue(new TypeError('secret'));
	expect(await thrown(result(await buy()))).toEqual(new TypeError('secret'));
	expect(entries()).toMatchObject([{ requestId: 'a' }]);
});

import type { FakeSettings, Fault, Route } from '../support/fakeSegmind/service';
import { fileOf } from '../support/inputs';
import { mediaFile } from '../support/mediaFiles';
import { runSample } from '../support/sample';

const at = (route: Route, fault: Fault): Partial<FakeSettings> => ({
	fault: (_request, seen) => (seen === route ? fault : undefined),
});
const UNCHECKED = { options: { checkUrls: false } };

/** What a person is told where a route answers so; the request's id is written ID. */
async function told(route: Route, fault: Fault, parameters: object = UNCHECKED) {
	const input = [{ json: {}, binary: { image: await fileOf(mediaFile('portrait.jpg'), 'a', '') } }];
	const { error, server, items } = await runSample(at(route, fault), { ...UNCHECKED, ...parameters }, { input });
	await server.close();
	const id = server.segmind.jobs[0]?.id ?? 'none';
	const plain = (text?: string) => text?.replaceAll(id, 'ID').replace(/http:\/\/[\d.:]+/g, 'HOST');
	return { message: plain(error?.message), todo: plain(error?.description), posts: server.segmind.posts.length, items };
}

/** How to get at a video that was paid for. */
const RECOVERY =
	"Don't execute the step again, that buys the video again: choose Retry with currently saved workflow in Executions. Get Video fetches a video for free by its request ID.";

describe('the reason in a body that refuses the request', () => {
	const field = (...loc: unknown[]) => ({ loc, msg: 'is bad', type: 'value_error' });
	it.each<[unknown, string]>([
		[{ detail: [field('body', 'prompt')] }, ': prompt: is bad'],
		[{ detail: [field('prompt')] }, ': prompt: is bad'],
		[{ detail: [field('body', 'prompt'), field('body', 'video_url')] }, ': prompt: is bad; video_url: is bad'],
		[{ detail: [field('body', 'images', 0, 'url')] }, ': images.0.url: is bad'],
		[{ detail: [field('body')] }, ': is bad'],
		[{ detail: [field()] }, ': is bad'],
		[{ detail: [{ msg: 'is bad' }] }, ': is bad'],
		[{ detail: [{ loc: 'prompt', msg: 'is bad' }] }, ': is bad'],
		[{ detail: ['is bad', 'is worse'] }, ': is bad; is worse'],
		[{ detail: 'is bad' }, ': is bad'],
		[{ detail: { error: { message: 'is bad' } } }, ': is bad'],
		[{ errors: ['is bad'] }, ': is bad'],
		[{ errors: ['is bad', 'is worse'] }, ': is bad; is worse'],
		[{ errors: [{ message: 'is bad' }, { msg: 'is worse' }] }, ': is bad; is worse'],
		[{ message: 'is bad' }, ': is bad'],
		[{ message: { error: 'is bad' } }, ': is bad'],
		[{ message: { message: 'is bad' } }, ': is bad'],
		[{ message: ['is bad', { detail: 'is worse' }] }, ': is bad; is worse'],
		[{ error: 'is bad' }, ': is bad'],
		[{ error: { code: 5, message: 'is bad' } }, ': is bad'],
		[{ error: 'code', error_description: 'is bad' }, ': is bad'],
		[{ error: '', message: 'is bad' }, ': is bad'],
		[{ error: null, detail: [], errors: ['is bad'] }, ': is bad'],
		['is \n\tbad', ': is bad'],
		[{ error: 'is <b>bad</b>' }, ': is bad'],
		[{ error: 'x'.repeat(400) }, `: ${'x'.repeat(299)}…`],
		[{ errors: Array.from({ length: 9 }, (_, index) => `e${index}`) }, ': e0; e1; e2; e3; e4'],
		[{ error: {} }, ''],
		[{ error: true, message: 5 }, ''],
		[{ detail: [[[[[['deep']]]]]] }, ''],
		['<html><title>Bad gateway</title></html>', ''],
		['{"error": "cut o', ''],
		['', ''],
	])('%j is told', async (body, reason) => {
		const submit = { operation: 'submit' };
		expect(await told('submit', { status: 400, body: body as object }, submit)).toMatchObject({
			message: `Segmind rejected the request as invalid${reason}`,
			todo: 'Check the parameters of the node. This item was not charged.',
			posts: 1,
		});
	});
});

describe('a success whose body is an error', () => {
	const doubt = '. The request may have been accepted and charged';
	it.each<[unknown, string]>([
		[{ error: 'Model is loading' }, ': Model is loading'],
		[{ error: { message: 'no GPU' } }, ': no GPU'],
		[{ detail: [{ loc: ['body', 'prompt'], msg: 'is bad' }] }, ': prompt: is bad'],
		[{ errors: ['a', 'b'] }, ': a; b'],
		[{ message: { error: 'internal' } }, ': internal'],
		[{}, ''],
		['<html></html>', ''],
	])('of a submit is in doubt, with its reason: %j', async (body, reason) => {
		expect(await told('submit', { status: 200, body: body as object })).toMatchObject({
			message: `Segmind sent an answer that names no request ID${reason}${doubt}`,
			todo: expect.stringMatching(
				/ Try again later\. Look at the Generations page in Segmind's console before you run this again\.$/,
			) as unknown,
			posts: 1,
		});
	});

	const soon = { options: { checkUrls: false, timeout: 0.5, pollInterval: 1 } };
	it.each<[Route, object, string]>([
		['status', { error: 'Model is loading' }, ': Model is loading'],
		['status', { message: { error: 'internal' } }, ': internal'],
		['upload', { error: 'bucket is full' }, ': bucket is full'],
		['credits', { error: 'No credits found' }, ': No credits found'],
		['credits', { error: { message: 'down' } }, ': down'],
	])('of %s is asked for again until the timeout: %j', async (route, body, reason) => {
		const parameters = {
			status: soon,
			upload: { ...soon, imageSource: 'binary' },
			credits: { operation: 'getCredits' },
		}[route as 'status' | 'upload' | 'credits'];
		const { message, todo, posts, items } = await told(route, { status: 200, body }, parameters);
		const [subject, what, advice] = {
			status: ['Segmind', 'has an unexpected format', `Try again later. ${RECOVERY} Paid requests: item 0: ID.`],
			upload: ["Segmind's storage", 'names no URL for the file', 'Try again later. This item was not charged.'],
			credits: ['Segmind', 'has an unexpected format', 'Try again later.'],
		}[route as 'status' | 'upload' | 'credits'];
		expect(message).toBe(`${subject} sent an answer that ${what}${reason}`);
		expect(todo).toBe(advice);
		expect(posts).toBe(route === 'status' ? 1 : 0);
		expect(items).toEqual([]);
	});
});

describe('an empty balance', () => {
	it.each([
		[
			402,
			{ error: 'Insufficient credits' },
			'The Segmind account has too few credits for this call: Insufficient credits',
		],
		[402, { detail: 'Payment required' }, 'The Segmind account has too few credits for this call: Payment required'],
		[402, '', 'The Segmind account has too few credits for this call'],
		[
			406,
			{ error: 'Insufficient credits' },
			'The Segmind account has too few credits for this call: Insufficient credits',
		],
		[402, { error: 'Team spend limit' }, "The team's spend limit at Segmind was reached: Team spend limit"],
		[406, { error: 'Team spend limit' }, "The team's spend limit at Segmind was reached: Team spend limit"],
	])('%d %j is told, and nothing is tried again', async (status, body, message) => {
		for (const apiMode of ['async', 'sync'] as const) {
			const route = apiMode === 'sync' ? 'blocking' : 'submit';
			const outcome = await told(route, { status, body }, { options: { checkUrls: false, apiMode } });
			expect(outcome).toMatchObject({ message, posts: 1 });
			expect(outcome.todo).toMatch(/Segmind's console\. This item was not charged\.$/);
		}
	});
});

describe("what the video's host says", () => {
	const xml = (message: string) =>
		`<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code><Message>${message}</Message></Error>`;
	const LATER = 'Try again later.';
	const AGAIN = 'Try again: Segmind may have a new URL for it.';
	it.each<[number, string | object, string, string]>([
		[403, xml('Request has expired'), ': Request has expired', AGAIN],
		[403, `\uFEFF${xml('Access Denied')}`, ': Access Denied', AGAIN],
		[403, { message: 'Forbidden' }, ': Forbidden', AGAIN],
		[403, 'Signature expired', ': Signature expired', AGAIN],
		[403, '<html><h1>403</h1></html>', '', AGAIN],
		[403, '', '', AGAIN],
		[404, xml('The specified key does not exist.'), ': The specified key does not exist.', AGAIN],
		[410, '', '', AGAIN],
		[400, xml('Bad'), ': Bad', LATER],
		[503, xml('Slow Down'), ': Slow Down', LATER],
	])('%d %j is told, with what to do', async (status, body, reason, advice) => {
		const { message, todo, posts } = await told('media', { status, body });
		expect(message).toBe(`The finished video could not be downloaded: its host answered HTTP ${status}${reason}`);
		expect(todo).toBe(
			`${advice} ${RECOVERY} A video's URL works for 7 days. Paid requests: item 0: ID (HOST/outputs/ID.mp4).`,
		);
		expect(posts).toBe(1);
	});
});

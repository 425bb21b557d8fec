import type { IncomingMessage, ServerResponse } from 'node:http';

import { GOOD, GOOD_ANSWERS, submitChecked, type Answers, type CheckedRun } from '../support/checkedRun';
import { startFakeSegmind, type FakeServer } from '../support/fakeSegmind/server';
import { hintsOf, NOTHING_SENT } from '../support/inputs';
import { mediaFile } from '../support/mediaFiles';
import { sendFile, startReferenceHost, type ReferenceHost } from '../support/referenceHost';
import { CONTINUE } from '../support/sample';

const TODO = `Use a URL that anyone can download the file from, or File From Previous Node. To skip this check, turn off Check URLs. ${NOTHING_SENT}`;
let answers: Answers;
let host: ReferenceHost;
let server: FakeServer;

beforeEach(async () => {
	answers = { ...GOOD_ANSWERS };
	host = await startReferenceHost((request, response) => {
		const answer = answers[request.url ?? ''];
		if (answer) answer(request, response);
		else response.writeHead(404, { 'content-type': 'text/html' }).end('<!doctype html><title>404</title>');
	});
	server = await startFakeSegmind();
});
afterEach(async () => {
	await host.close();
	await server.close();
});

async function submit(paths: CheckedRun['paths'], rest: Partial<CheckedRun> = {}) {
	return await submitChecked({ server, host, paths, ...rest });
}

describe('the look at a URL', () => {
	it('is one small ranged GET without a credential, before the purchase', async () => {
		const { error, items, ...result } = await submit([GOOD]);
		expect(error).toBeUndefined();
		expect(items).toHaveLength(1);
		expect(host.seen.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(['GET /cat.jpg', 'GET /dance.mp4']);
		for (const { headers } of host.seen) {
			expect(headers).toMatchObject({ range: 'bytes=0-65535', 'accept-encoding': 'identity' });
			expect(Object.keys(headers)).not.toEqual(
				expect.arrayContaining([expect.stringMatching(/key|authorization|cookie/)]),
			);
		}
		expect(hintsOf({ error, items, ...result })).toEqual([]);
		expect(server.segmind.posts.map(({ body }) => JSON.parse(body) as object)).toEqual([
			expect.objectContaining({ image_url: `${host.url}/cat.jpg`, video_url: `${host.url}/dance.mp4` }),
		]);
	});

	it('comes once a run for 100 items with the same two URLs', async () => {
		const { items } = await submit(
			Array.from({ length: 100 }, () => GOOD),
			{ parameters: { options: { maxRequests: 100 } } },
		);
		expect(items).toHaveLength(100);
		expect(host.seen).toHaveLength(2);
		expect(server.segmind.posts).toHaveLength(100);
	});

	it('comes side by side for ten items', async () => {
		let waiting: Array<() => void> = [];
		let most = 0;
		const slow = (request: IncomingMessage, response: ServerResponse) => {
			waiting.push(() => sendFile(request, response, mediaFile('portrait.jpg'), 'image/jpeg'));
			most = Math.max(most, waiting.length);
			if (waiting.length < 10) return;
			waiting.forEach((go) => go());
			waiting = [];
		};
		const images = Array.from({ length: 20 }, (_, index) => `/slow${index}.jpg`);
		answers = { ...GOOD_ANSWERS, ...Object.fromEntries(images.map((path) => [path, slow])) };
		const { items } = await submit(images.map((image) => [image, '/dance.mp4']));
		expect(items).toHaveLength(20);
		expect(most).toBe(10);
	});

	it('is not made where the option is off, in any word for it', async () => {
		for (const checkUrls of [false, 'No', '={{ 0 }}'])
			await submit([['/gone.jpg', '/gone.mp4']], { parameters: { options: { checkUrls } } });
		expect(host.seen).toEqual([]);
		expect(server.segmind.posts).toHaveLength(3);
	});

	it('is not made where a field holds something else than a URL', async () => {
		const { error } = await submit([['/a.jpg, https://x.test/b.jpg', '/dance.mp4']]);
		expect(error?.message).toBe('Image URL contains more than one URL');
		expect([...host.seen, ...server.segmind.log]).toEqual([]);
	});

	it('reads no more than 64 kB where the host sends it all, and closes the connection', async () => {
		let stopped = false;
		answers['/cat.jpg'] = (_request, response) => {
			response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': String(100_000_000) });
			response.write(mediaFile('portrait.jpg'));
			const more = () => {
				while (!stopped && response.write(Buffer.alloc(65_536)));
			};
			response.on('drain', more).on('close', () => (stopped = true));
			more();
		};
		const result = await submit([GOOD]);
		const sent = await Promise.all(host.seen.map(async ({ closed }) => await closed));
		expect(stopped).toBe(true);
		expect(Math.max(...sent)).toBeLessThan(10_000_000);
		expect(hintsOf(result)).toEqual(['Item 0: The image is 100.0 MB: Kling takes at most 10 MB.']);
		expect(server.segmind.posts).toHaveLength(1);
	});

	it('follows a redirect', async () => {
		answers['/share'] = (_request, response) => response.writeHead(302, { location: '/cat.jpg' }).end();
		const { error } = await submit([['/share', '/dance.mp4']]);
		expect(error).toBeUndefined();
		expect(host.seen.map(({ path }) => path).sort()).toEqual(['/cat.jpg', '/dance.mp4', '/share']);
		expect(server.segmind.posts[0]?.body).toContain(`"image_url":"${host.url}/share"`);
	});
});

describe('ends the item', () => {
	const page = (response: ServerResponse, text: string | Buffer, type: string, status = 200) =>
		void response.writeHead(status, { 'content-type': type }).end(text);
	it.each<[string, (response: ServerResponse) => void, string]>([
		['404', (r) => page(r, '', 'text/plain', 404), 'cannot be used: its host answered HTTP 404'],
		['403', (r) => page(r, '<Error>', 'application/xml', 403), 'cannot be used: its host answered HTTP 403'],
		[
			'403 of an object storage, in its own words',
			(r) =>
				page(
					r,
					'<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>',
					'application/xml',
					403,
				),
			'cannot be used: its host answered HTTP 403: Request has expired',
		],
		[
			'404 in JSON',
			(r) => page(r, '{"error":{"message":"No such object"}}', 'application/json', 404),
			'cannot be used: its host answered HTTP 404: No such object',
		],
		['410', (r) => page(r, 'Gone', 'text/plain', 410), 'cannot be used: its host answered HTTP 410'],
		['401', (r) => page(r, 'Sign in', 'text/html', 401), 'cannot be used: its host answered HTTP 401'],
		['a page', (r) => page(r, '<!DOCTYPE html><p>', 'text/html'), 'is a web page (HTML), not an image'],
		['a page in capitals', (r) => page(r, '\n<HTML>', 'text/html'), 'is a web page (HTML), not an image'],
		['a page after a comment', (r) => page(r, '<!-- x -->\n<html>', 'text/html'), 'is a web page (HTML), not an image'],
		['a page under the name of an image', (r) => page(r, '<html>', 'image/jpeg'), 'is a web page (HTML), not an image'],
		['a page, in part', (r) => page(r, '<html>', 'text/html', 206), 'is a web page (HTML), not an image'],
		['a page with a mark', (r) => page(r, '\uFEFF<!doctype html>', 'text/html'), 'is a web page (HTML), not an image'],
		['an error in JSON', (r) => page(r, '{"error":"no"}', 'application/json'), 'is a JSON document, not an image'],
		['an error in XML', (r) => page(r, '<?xml version="1.0"?><E/>', 'text/xml'), 'is an XML document, not an image'],
		['plain words', (r) => page(r, 'Not found', 'text/plain'), 'is a text file, not an image'],
		[
			'plain words under the name of an image',
			(r) => page(r, 'Not found', 'image/jpeg'),
			'is a text file, not an image',
		],
		['a PDF', (r) => page(r, '%PDF-1.7', 'image/jpeg'), 'is a PDF, not an image'],
		['a ZIP', (r) => page(r, 'PK\x03\x04', 'application/zip'), 'is a ZIP archive, not an image'],
		['a video', (r) => page(r, mediaFile('3s.mp4'), 'image/jpeg'), 'is an MP4 video, not an image'],
		['a sound', (r) => page(r, mediaFile('sound.mp3'), 'audio/mpeg'), 'is an MP3 audio file, not an image'],
	])('%s', async (_what, answer, problem) => {
		answers['/cat.jpg'] = (_request, response) => answer(response);
		const { error } = await submit([GOOD]);
		expect(error).toMatchObject({ message: `Image URL ${problem}`, description: TODO, context: { itemIndex: 0 } });
		expect(server.segmind.log).toEqual([]);
	});

	it('an image for a video', async () => {
		const { error } = await submit([['/cat.jpg', '/cat.jpg']]);
		expect(error?.message).toBe('Video URL is a JPEG image, not a video');
		expect(host.seen).toHaveLength(1);
		expect(server.segmind.log).toEqual([]);
	});

	it('and the run, before the first of the others is bought', async () => {
		const { error } = await submit([GOOD, ['/gone.jpg', '/dance.mp4'], GOOD, ['/cat.jpg', '/gone.mp4']]);
		expect(error?.message).toBe('Image URL cannot be used: its host answered HTTP 404');
		expect(error?.context?.itemIndex).toBe(1);
		expect(error?.description).toBe(`${TODO} Item 3 failed too: Video URL cannot be used: its host answered HTTP 404.`);
		expect(server.segmind.log).toEqual([]);
	});

	it('alone, with Continue On Fail', async () => {
		const { items } = await submit([GOOD, ['/gone.jpg', '/dance.mp4'], GOOD], { run: { settings: CONTINUE } });
		expect(items.map(({ json }) => json.error)).toEqual([
			undefined,
			'Image URL cannot be used: its host answered HTTP 404',
			undefined,
		]);
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
		expect(server.segmind.posts).toHaveLength(2);
	});
});

import { writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';

import type { IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';

import { fetchVideo } from '../../../../nodes/KlingMotionControl/jobs/fetch';
import { downloadVideo } from '../../../../nodes/KlingMotionControl/transport/download';
import { readText } from '../../../../nodes/KlingMotionControl/transport/body';
import { thrown, virtualRun } from '../../../support/virtualRun';

const URL = 'https://images.segmind.test/a.mp4';
const MP4 = { 'content-type': 'video/mp4' };

/** A run whose media host gives that each time, and what it was asked. */
function host(answer: () => unknown, store?: (body: Readable) => Promise<unknown>) {
	const requests: IHttpRequestOptions[] = [];
	const virtual = virtualRun();
	const helpers = {
		httpRequest: async (request: IHttpRequestOptions) => {
			requests.push(request);
			const given = answer();
			if (given instanceof Error) throw given;
			return given;
		},
		prepareBinaryData: async (body: Readable, fileName: string, mimeType: string) =>
			store ? await store(body) : { data: await readText(body, 1_000), fileName, mimeType },
	};
	const run = { ...virtual.run, context: { helpers } as unknown as IExecuteFunctions };
	return { ...virtual, run, requests };
}

function video(body: string | Readable = 'ftyp', headers: object = MP4, statusCode = 200) {
	return {
		statusCode,
		headers,
		body: typeof body === 'string' ? Readable.from(body ? [Buffer.from(body)] : []) : body,
	};
}

it('asks once, without a credential', async () => {
	const { run, requests } = host(() => video());
	const stored = await downloadVideo(run, URL, { wanted: '', url: URL });
	expect(stored).toEqual({ data: 'ftyp', fileName: 'a.mp4', mimeType: 'video/mp4' });
	expect(requests).toEqual([
		{
			method: 'GET',
			url: URL,
			encoding: 'stream',
			timeout: 60_000,
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			abortSignal: expect.any(AbortSignal),
		},
	]);
	expect(requests[0]?.abortSignal).toMatchObject({ aborted: false });
});

it('ends the request with the run', async () => {
	const { run, requests, stop } = host(() => video(new Readable({ read() {} })));
	const work = thrown(downloadVideo(run, URL, { wanted: '' }));
	await Promise.resolve();
	expect(requests[0]?.abortSignal).toMatchObject({ aborted: false });
	stop();
	expect(requests[0]?.abortSignal).toMatchObject({ aborted: true });
	await Promise.race([work, Promise.resolve()]);
});

it.each<[string, () => unknown, string, object]>([
	['no address', () => Object.assign(new Error('x'), { code: 'ENOTFOUND' }), 'network', { retry: {} }],
	['what is no answer', () => 'text', 'unreadable', { retry: {} }],
	['199', () => video('x', MP4, 199), 'answer', { httpStatus: 199 }],
	['300', () => video('x', MP4, 300), 'answer', { httpStatus: 300 }],
	['404', () => video('<html>', {}, 404), 'answer', { httpStatus: 404 }],
	['503', () => video('x', { 'retry-after': '3' }, 503), 'answer', { httpStatus: 503, retry: { 'retry-after': '3' } }],
	['no bytes', () => video(''), 'unreadable', { retry: MP4 }],
	['a page', () => video('x', { 'content-type': 'Text/html' }), 'unreadable', {}],
	['JSON', () => video('x', { 'content-type': 'application/JSON' }), 'unreadable', {}],
	['XML', () => video('x', { 'content-type': 'application/xml' }), 'unreadable', {}],
	['a page that calls itself a video', () => video(' \n<html>'), 'unreadable', {}],
	['JSON that calls itself a video', () => video('{}'), 'unreadable', {}],
	['a list without a type', () => video('[]', {}), 'unreadable', {}],
	[
		'a body that breaks off',
		() =>
			video(
				new Readable({
					read() {
						this.push('ftyp');
						this.destroy(new Error('x'));
					},
				}),
			),
		'network',
		{ retry: {} },
	],
])('%s is an error', async (_name, answer, kind, details) => {
	const { run } = host(answer);
	expect(await thrown(downloadVideo(run, URL, { wanted: '' }))).toMatchObject({ kind, details });
});

it.each([
	['<', 'video with a < later', 'x<html>'],
	['no type', 'nothing but bytes', 'ftyp'],
])('takes a body with %s: %s', async (_what, _name, body) => {
	const { run } = host(() => video(body, {}));
	expect(await downloadVideo(run, URL, { wanted: 'a' })).toEqual({
		data: body,
		fileName: 'a.mp4',
		mimeType: 'video/mp4',
	});
});

class FileTooLargeError extends Error {}

it.each([
	['ENOSPC', Object.assign(new Error('secret'), { code: 'ENOSPC' })],
	['FileTooLargeError', new FileTooLargeError('secret')],
	['UNKNOWN', 'secret'],
])("tells n8n's binary store from the network where it fails with %s, and lets go of the body", async (name, fault) => {
	const body = Readable.from([Buffer.from('ftyp'), Buffer.from('more')]);
	const { run, requests } = host(
		() => video(body),
		async () => {
			throw fault;
		},
	);
	expect(await thrown(downloadVideo(run, URL, { wanted: '' }))).toMatchObject({
		kind: 'store',
		message: `n8n could not store the video (${name})`,
		details: {
			description:
				'Check the place where n8n keeps binary data: its free space, its rights, and the largest file it takes.',
			retry: {},
		},
	});
	expect(body.destroyed).toBe(true);
	expect(requests[0]?.abortSignal).toMatchObject({ aborted: true });
});

it('knows a disk that is full in the middle of the video', async () => {
	const body = Readable.from([Buffer.from('ftyp'), Buffer.from('more')], { objectMode: false });
	const { run } = host(
		() => video(body),
		async (stored) => await writeFile('/dev/full', stored),
	);
	expect(await thrown(downloadVideo(run, URL, { wanted: '' }))).toMatchObject({
		kind: 'store',
		message: 'n8n could not store the video (ENOSPC)',
	});
	expect(body.destroyed).toBe(true);
});

describe('silence', () => {
	/** A body whose chunks come after so many ms each, and that then says nothing any more. */
	function pausing(clock: { sleep(ms: number): Promise<void> }, pauses: number[]) {
		return Readable.from(
			(async function* () {
				for (const pause of pauses) {
					await clock.sleep(pause);
					yield Buffer.from('x');
				}
				await new Promise(() => {});
			})(),
			{ objectMode: false },
		);
	}

	it.each([
		['from the start', [], 60_000],
		['after some bytes', [10_000, 50_000, 59_000], 179_000],
		['never, but 20 minutes are over', Array.from({ length: 30 }, () => 59_000), 20 * 60_000],
	])('%s ends a try', async (_name, pauses, took) => {
		const { run, clock } = host(() => video(pausing(clock, pauses)));
		const began = clock.now();
		expect(await thrown(clock.drive(downloadVideo(run, URL, { wanted: '' })))).toMatchObject({
			kind: 'network',
			message: "The video's address could not be reached, no answer came in time (ETIMEDOUT)",
		});
		expect(clock.now() - began).toBe(took);
	});

	it('is one of five tries', async () => {
		const { run, clock, requests } = host(() => video(pausing(clock, [1_000])));
		const began = clock.now();
		await thrown(clock.drive(fetchVideo(run, { url: URL }, '')));
		expect(requests).toHaveLength(5);
		expect(clock.now() - began).toBe(5 * 61_000 + 750 + 1_500 + 3_000 + 6_000);
	});
});

it('names a fetched video by what is known of it', async () => {
	const { run } = host(() => video('ftyp', {}));
	const named = [
		await fetchVideo(run, { url: URL, fileName: 'own.mov' }, '', 'a-1'),
		await fetchVideo(run, { url: 'https://images.segmind.test/' }, '', 'a-1'),
		await fetchVideo(run, { url: 'https://images.segmind.test/', contentType: 'video/webm' }, 'mine'),
	];
	expect(named.map(({ fileName, mimeType }) => [fileName, mimeType])).toEqual([
		['own.mov', 'video/quicktime'],
		['kling-motion-a-1.mp4', 'video/mp4'],
		['mine.webm', 'video/webm'],
	]);
});

describe('a slow binary store is not a silent host', () => {
	const MINUTES = 3 * 60_000;

	it('may go on storing after the last byte came', async () => {
		const { run, clock, requests } = host(
			() => video(),
			async (body) => {
				const data = await readText(body, 1_000);
				await clock.sleep(MINUTES);
				return { data };
			},
		);
		expect(await clock.drive(downloadVideo(run, URL, { wanted: '' }))).toEqual({ data: 'ftyp' });
		expect(requests[0]?.abortSignal).toMatchObject({ aborted: false });
	});

	it('may be busy with the last bytes when the end comes', async () => {
		const body = new Readable({ read() {} });
		body.push('ftyp');
		const { run, clock } = host(
			() => video(body),
			async (stored) => {
				const chunks = stored[Symbol.asyncIterator]();
				const { value } = await chunks.next();
				body.push(null);
				await clock.sleep(MINUTES);
				return { data: String(value), more: !(await chunks.next()).done };
			},
		);
		const stored = await clock.drive(downloadVideo(run, URL, { wanted: '' }));
		expect(stored).toEqual({ data: 'ftyp', more: false });
	});

	it('may leave bytes waiting that came', async () => {
		const body = new Readable({ read() {} });
		body.push('ftyp');
		const { run, clock } = host(
			() => video(body),
			async () => {
				await clock.sleep(MINUTES);
				body.push(null);
				return { data: await readText(body, 1_000) };
			},
		);
		expect(await clock.drive(downloadVideo(run, URL, { wanted: '' }))).toEqual({ data: 'ftyp' });
	});
});

import { download, type DownloadOptions, type Finished } from '../../../../nodes/KlingMotionControl/jobs/download';
import type { VideoFile } from '../../../../nodes/KlingMotionControl/segmind/types';
import {
	MP4,
	openExchanges,
	silentBody,
	thrown,
	virtualSession,
	type Given,
	type VirtualServices,
} from '../../../support/virtualServices';

const URL = 'https://images.segmind.test/a.mp4';

/** A run whose media host answers that, and a way to download from it. */
function host(media: Given | Given[], services: VirtualServices = {}) {
	const virtual = virtualSession({ ...services, answers: { media } });
	const fetch = async (finished: Partial<Finished> = {}, options: Partial<DownloadOptions> = {}) =>
		await virtual.clock.drive(
			download(
				virtual.session,
				2,
				{ finished: { video: { url: URL }, metrics: {} }, requestId: 'a-1', ...finished },
				{ downloadVideo: true, fileName: '', ...options },
			),
		);
	return { ...virtual, fetch };
}

it('downloads a video, and tells of it', async () => {
	const { fetch, messages } = host({ body: MP4, headers: { 'content-type': 'video/mp4' } });
	expect(await fetch()).toEqual({ data: MP4, fileName: 'a.mp4', mimeType: 'video/mp4' });
	expect(messages).toEqual(['Item 2: downloading the video, request a-1', 'Item 2: video ready (a.mp4), request a-1']);
});

it.each<[string, Partial<Finished>, Partial<DownloadOptions>, object | undefined, string]>([
	['where no file is wanted', {}, { downloadVideo: false }, undefined, 'video ready'],
	['where there is no URL', { finished: { metrics: {} } }, {}, undefined, 'video ready'],
	[
		'where n8n has the file, wanted or not',
		{ binary: { data: '', mimeType: 'video/mp4', fileName: 'b.mp4', fileSize: '3 MB' } },
		{ downloadVideo: false },
		{ data: '', mimeType: 'video/mp4', fileName: 'b.mp4', fileSize: '3 MB' },
		'video ready (3 MB)',
	],
])('asks for nothing %s', async (_name, finished, options, binary, message) => {
	const { fetch, messages, requests } = host({ body: MP4 });
	expect(await fetch(finished, options)).toEqual(binary);
	expect(messages).toEqual([`Item 2: ${message}, request a-1`]);
	expect(requests).toEqual([]);
});

const HOST = 'https://images.segmind.test/';

it.each<[string, VideoFile, string, string | undefined, string, string]>([
	['its bytes', { url: URL, fileName: 'own.mov' }, '', 'a-1', 'own.mp4', 'video/mp4'],
	['its own name', { url: URL, fileName: 'own.mov' }, '', 'a-1', 'own.mov', 'video/quicktime'],
	['its request', { url: HOST }, '', 'a-1', 'kling-motion-a-1.mp4', 'video/mp4'],
	['nothing', { url: HOST }, '', undefined, 'kling-motion-video.mp4', 'video/mp4'],
	['the result and the person', { url: HOST, contentType: 'video/webm' }, 'mine', undefined, 'mine.webm', 'video/webm'],
])('names a video by %s', async (by, video, wanted, requestId, fileName, mimeType) => {
	const body = by === 'its bytes' ? MP4 : `\x01 of no known kind${'.'.repeat(600)}`;
	const { fetch } = host({ body, headers: { 'content-type': by === 'its bytes' ? '' : 'Video/' } });
	const finished = { finished: { video, metrics: {} }, ...(requestId && { requestId }) };
	expect(await fetch({ requestId: undefined, ...finished }, { fileName: wanted })).toEqual({
		data: body,
		fileName,
		mimeType,
	});
});

it('takes a video that is as long as the service says, and no other', async () => {
	const sized = (fileSize: number) => ({ finished: { video: { url: URL, fileSize }, metrics: {} } });
	const { fetch, requests } = host({ body: MP4 });
	expect(await fetch(sized(MP4.length))).toMatchObject({ data: MP4 });
	expect(await thrown(fetch(sized(MP4.length + 1)))).toMatchObject({
		kind: 'unreadable',
		message: "The video's host sent an answer that is not whole: 24 of 25 bytes",
	});
	expect(requests).toHaveLength(1 + 5);
});

describe('a download is tried five times', () => {
	it.each<[string, Given, object, number]>([
		['404', { status: 404 }, { kind: 'answer', details: { httpStatus: 404 } }, 1],
		['403', { status: 403 }, { kind: 'answer', details: { httpStatus: 403 } }, 1],
		['500', { status: 500 }, { kind: 'answer', details: { httpStatus: 500 } }, 5],
		['206', { status: 206, body: MP4 }, { kind: 'unreadable' }, 5],
		['a page', { body: '<html>' }, { kind: 'unreadable' }, 5],
		['a break', new Error('x'), { kind: 'network' }, 5],
	])('at most: %s', async (_name, media, expected, tries) => {
		const { session, fetch, requests } = host(media);
		const error = await thrown(fetch());
		expect(error).toMatchObject(expected);
		expect(error).toMatchObject({ details: { requestId: 'a-1', videoUrl: URL, accepted: 'yes' } });
		expect(requests).toHaveLength(tries);
		expect(openExchanges(session.clock)).toBe(0);
	});

	it("where n8n's store does not take it, too", async () => {
		let left = 4;
		const store = async () => {
			if (left-- > 0) throw Object.assign(new Error('secret'), { code: 'EIO' });
			return { data: 'stored' };
		};
		const { fetch, requests } = host({ body: MP4 }, { store });
		expect(await fetch()).toEqual({ data: 'stored' });
		expect(requests).toHaveLength(5);
	});

	class FileTooLargeError extends Error {}

	it.each([
		['the disk is full', Object.assign(new Error('secret'), { code: 'ENOSPC' })],
		["the disk of n8n's database is full", Object.assign(new Error('secret'), { code: '53100' })],
		["the video is too large for n8n's database", new FileTooLargeError('secret')],
	])('but once where %s, and the error names the request and the URL', async (_name, fault) => {
		const { fetch, requests } = host({ body: MP4 }, { store: async () => await Promise.reject(fault) });
		expect(await thrown(fetch())).toMatchObject({
			kind: 'store',
			details: { requestId: expect.any(String), videoUrl: expect.stringMatching(/^https:/), accepted: 'yes' },
		});
		expect(requests).toHaveLength(1);
	});

	it('with a minute of silence in each', async () => {
		const { session, clock, began, fetch, requests } = host(() => ({ body: silentBody('x') }));
		await thrown(fetch());
		expect(requests).toHaveLength(5);
		expect(clock.now() - began).toBe(5 * 60_000 + 750 + 1_500 + 3_000 + 6_000);
		expect(openExchanges(session.clock)).toBe(0);
	});

	it('and as often as the limits say', async () => {
		const { fetch, requests } = host({ status: 500 }, { limits: { downloadTries: 2 } });
		await thrown(fetch());
		expect(requests).toHaveLength(2);
	});
});

it('ends with the run, and names what was paid for', async () => {
	const { session, clock, began, fetch, stop, requests } = host({ status: 500 });
	void clock.sleep(1_000).then(stop);
	expect(await thrown(fetch())).toMatchObject({
		kind: 'stopped',
		details: { requestId: 'a-1', videoUrl: URL, accepted: 'yes' },
	});
	expect(clock.now()).toBe(began + 1_000);
	expect(requests).toHaveLength(2);
	expect(openExchanges(session.clock)).toBe(0);
});

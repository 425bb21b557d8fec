import { Uploads } from '../../../../nodes/KlingMotionControl/jobs/uploads';
import type { FileContent } from '../../../../nodes/KlingMotionControl/transport/file';
import {
	faultOf,
	fileOf,
	openExchanges,
	orderOf,
	thrown,
	virtualSession,
	type Given,
} from '../../../support/virtualServices';

const urls = (name: string) => ({ body: { urls: [`https://files.test/${name}`] } });
const urlOf = (name: string) => `https://files.test/${name}`;
const NAMES_NONE = { body: {} };

/** A run whose storage answers with each of these in turn, and the last of them from then on. */
function storage(...answers: Given[]) {
	const virtual = virtualSession({ answers: { upload: answers } });
	const uploads = new Uploads(virtual.session);
	const deadlineIn = (time: number) => virtual.clock.now() + time;
	const url = async (image: FileContent, time = 600_000) =>
		(await uploads.bodyOf(0, orderOf({ files: { image } }), deadlineIn(time))).image_url;
	return { ...virtual, uploads, deadlineIn, url };
}

it('uploads a file once, and each other one', async () => {
	const { url, requests } = storage(urls('a'), urls('b'), urls('c'));
	const first = [fileOf('1'), fileOf('1'), fileOf('2'), fileOf('1', 'image/jpeg')].map(async (file) => await url(file));
	const [a, b, c] = ['a', 'b', 'c'].map(urlOf);
	expect(await Promise.all(first)).toEqual([a, a, b, c]);
	expect(await url(fileOf('1'))).toBe(a);
	expect(requests.map(({ body }) => body)).toEqual([
		'{"data_urls":["data:image/png;base64,MQ=="]}',
		'{"data_urls":["data:image/png;base64,Mg=="]}',
		'{"data_urls":["data:image/jpeg;base64,MQ=="]}',
	]);
});

it('puts the URLs of the files into the body, in their places, and leaves the order as it is', async () => {
	const { uploads, deadlineIn, sent } = storage(urls('a'), urls('b'));
	const order = orderOf({ files: { image: fileOf('1'), video: fileOf('2', 'video/mp4') } });
	const before = structuredClone(order);
	expect(await uploads.bodyOf(0, order, deadlineIn(1_000))).toEqual({
		...order.body,
		image_url: urlOf('a'),
		video_url: urlOf('b'),
	});
	expect(order).toEqual(before);
	const withUrl = orderOf({ body: { image_url: 'https://a.test/i' } });
	expect(await uploads.bodyOf(0, withUrl, deadlineIn(1_000))).toEqual(withUrl.body);
	expect(sent).toHaveLength(2);
});

it('gives up after 10 tries, since each sends the whole file', async () => {
	const { url, requests, clock } = storage({ status: 500 });
	expect(await clock.drive(thrown(url(fileOf('1'))))).toMatchObject({ details: { httpStatus: 500, accepted: 'no' } });
	expect(requests).toHaveLength(10);
});

it('tries again what passes', async () => {
	const { session, url, requests, clock, messages } = storage(faultOf('ECONNRESET'), NAMES_NONE, urls('a'));
	expect(await clock.drive(url(fileOf('1')))).toBe(urlOf('a'));
	expect(requests).toHaveLength(3);
	expect(messages).toEqual([
		expect.stringMatching(/^Item 0: uploading .*\(\d+\.\d+ MB\)$/),
		expect.stringMatching(/^Item 0: Segmind's storage could not be reached.*; next try in 1 s$/),
		expect.stringMatching(
			/^Item 0: Segmind's storage sent an answer that names no URL for the file; next try in [12] s$/,
		),
	]);
	expect(openExchanges(session.clock)).toBe(0);
});

it('gives up at the deadline, and lets a later item try again', async () => {
	const { url, requests, clock } = storage(NAMES_NONE, NAMES_NONE, urls('a'));
	const both = Promise.all([thrown(url(fileOf('1'), 1_000)), thrown(url(fileOf('1'), 1_000))]);
	const [one, other] = await clock.drive(both);
	expect(one).toBe(other);
	expect(one).toMatchObject({
		kind: 'unreadable',
		message: "Segmind's storage sent an answer that names no URL for the file",
		details: { accepted: 'no' },
	});
	expect(requests).toHaveLength(2);
	expect(await url(fileOf('1'))).toBe(urlOf('a'));
});

it('uploads no second file of an order whose first one fails', async () => {
	const { uploads, deadlineIn, requests, clock } = storage({ status: 413 });
	const order = orderOf({ files: { image: fileOf('1'), video: fileOf('2', 'video/mp4') } });
	expect(await thrown(clock.drive(uploads.bodyOf(0, order, deadlineIn(60_000))))).toMatchObject({
		kind: 'answer',
		details: { httpStatus: 413, accepted: 'no' },
	});
	expect(requests).toHaveLength(1);
});

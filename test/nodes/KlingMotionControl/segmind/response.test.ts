import {
	jobState,
	jsonObject,
	metricsFromHeaders,
	metricsOf,
	plainText,
	reasonOf,
	reasonOfText,
	requestIdOf,
	statusWord,
	videoOf,
} from '../../../../nodes/KlingMotionControl/segmind/response';

const URL = 'https://images.segmind.com/a.mp4';

it.each([
	['{"a":1}', { a: 1 }],
	['[1]', undefined],
	['null', undefined],
	['"x"', undefined],
	['', undefined],
	['{"a":', undefined],
	['<html></html>', undefined],
])('jsonObject %s', (text, value) => expect(jsonObject(text)).toEqual(value));

it.each([
	[{ request_id: 'a-1' }, 'a-1'],
	[{ request_id: '../x' }, undefined],
	[{ request_id: 5 }, undefined],
	[{}, undefined],
	[null, undefined],
])('requestIdOf %j', (body, id) => expect(requestIdOf(body)).toBe(id));

describe('jobState', () => {
	it.each(['QUEUED', 'PROCESSING', 'COMPLETED'])('%s', (status) => {
		expect(jobState({ status, error: 'x' })).toEqual({ status, metrics: {} });
		expect(jobState({ status: status.toLowerCase() })?.status).toBe(status);
	});

	it('FAILED with and without a reason', () => {
		expect(jobState({ status: 'FAILED', error: 'no person' })).toEqual({
			status: 'FAILED',
			metrics: {},
			error: 'no person',
		});
		expect(jobState({ status: 'FAILED' })).toEqual({ status: 'FAILED', metrics: {} });
	});

	it.each([{ status: 'DONE' }, { status: 5 }, {}, null, 'COMPLETED'])('%j is none', (body) => {
		expect(jobState(body)).toBeUndefined();
	});

	it('has a readable word for an unknown status', () => {
		expect(statusWord({ status: 'on <b>hold</b>' })).toBe('ON HOLD');
		expect(statusWord({ status: 'x'.repeat(99) })).toHaveLength(40);
		expect(statusWord({ status: '' })).toBeUndefined();
		expect(statusWord({ status: null })).toBeUndefined();
	});
});

describe('videoOf', () => {
	it.each([
		{ video: { url: URL } },
		{ output: URL },
		{ video_url: URL },
		{ url: URL },
		{ output: { video_url: URL } },
		{ output: { video: { url: URL } } },
		{ output: [URL] },
		{ data: { url: URL } },
		{ result: { videos: [{ url: URL }] } },
		{ output: '', url: URL },
		{ output: [[[URL]]] },
		{ video: { url: URL }, output: 'https://other.test/b.mp4' },
	])('finds the address in %j', (body) => expect(videoOf(body)).toEqual({ url: URL }));

	it('takes the details of the video', () => {
		expect(videoOf({ video: { url: URL, content_type: 'video/mp4', file_name: 'a.mp4', file_size: 5 } })).toEqual({
			url: URL,
			contentType: 'video/mp4',
			fileName: 'a.mp4',
		});
		expect(videoOf({ video: { url: URL, content_type: 5, file_name: {} } })).toStrictEqual({ url: URL });
	});

	it.each([
		{},
		null,
		{ output: 'done' },
		{ output: 5 },
		{ poll_url: URL },
		{ last_frame_url: URL },
		{ output: { output: { output: { output: { output: URL } } } } },
		{ output: [[[[URL]]]] },
		{ output: `see ${URL}` },
	])('finds none in %j', (body) => expect(videoOf(body)).toBeUndefined());
});

it('takes an address of any scheme, to be checked where it is used', () => {
	expect(videoOf({ output: 'S3+x.y-z://a/b' })).toEqual({ url: 'S3+x.y-z://a/b' });
});

it('takes numbers as metrics and nothing else', () => {
	expect(
		metricsOf({ metrics: { cost: 1, total_time: Infinity, queue_time: '2', retry_count: 3, inference_time: 0 } }),
	).toEqual({
		cost: 1,
		inference_time: 0,
	});
	expect(metricsOf({ metrics: [] })).toEqual({});
	expect(metricsOf(undefined)).toEqual({});
	expect(metricsFromHeaders({ 'x-cost': '0.967', 'x-remaining-credits': ' ', 'x-generation-time': 'soon' })).toEqual({
		cost: 0.967,
	});
	expect(metricsFromHeaders({ 'x-remaining-credits': '5', 'x-generation-time': '608.2' })).toEqual({
		remaining_credits: 5,
		inference_time: 608.2,
	});
});

describe('reasons', () => {
	it.each([
		[{ error: 'because' }, 'because'],
		[{ error: 'code', error_description: 'long words' }, 'long words'],
		[{ message: 'm' }, 'm'],
		[{ detail: 'd' }, 'd'],
		[{ error: { message: 'nested' } }, 'nested'],
		[{ error: '' }, undefined],
		[{ error: 5 }, undefined],
		[[], undefined],
	])('of %j', (body, reason) => expect(reasonOf(body)).toBe(reason));

	it.each([
		['{"error":"because"}', 'because'],
		['<!DOCTYPE html><html>x</html>', undefined],
		['{"error":', undefined],
		['upstream connect error', 'upstream connect error'],
		[' \n<html>x</html>', undefined],
		['error at <b>10</b>', 'error at 10'],
		['', undefined],
	])('of the text %s', (text, reason) => expect(reasonOfText(text)).toBe(reason));

	it('are one short line without markup', () => {
		expect(plainText('a <script>alert(1)</script>\n\tb\u0000\u202e <c')).toBe('a alert(1) b c');
		expect(plainText('x'.repeat(5_000))).toBe(`${'x'.repeat(299)}…`);
		expect(plainText('x'.repeat(300))).toBe('x'.repeat(300));
		expect(plainText(`${'<b>'.repeat(1_000)}late`)).toBe('');
	});
});

import {
	breaksOff,
	finishedJob,
	jobState,
	metricsFromHeaders,
	requestIdIn,
	requestIdOf,
	statusWord,
	wrappedRequestIdIn,
} from '../../../../nodes/KlingMotionControl/segmind/response';

const URL = 'https://images.segmind.com/a.mp4';
const OTHER = 'https://other.test/b.mp4';
const INPUTS = ['https://a.test/image.png', 'https://a.test/motion.mp4'];
const [IMAGE, MOTION] = INPUTS;

const videoOf = (body: unknown, inputs?: string[]) => finishedJob(body, inputs).video;
const metricsOf = (body: unknown) => finishedJob(body).metrics;

it.each<[Record<string, string>, string, boolean]>([
	[{}, '{"error":"no credits"}', false],
	[{}, '{"error":"no cre', true],
	[{}, ' [', true],
	[{}, '<!DOCTYPE html><html><body>no</body></html>\n', false],
	[{}, '<html><body>n', true],
	[{}, '<!doctype HTML><html><body>n</body></html', true],
	[{}, 'no credits', false],
	[{}, '', false],
	[{ 'content-length': '9' }, '{"error":', false],
	[{ 'transfer-encoding': 'chunked' }, '{"error":', false],
])('with the headers %p, %p breaks off: %p', (headers, text, cut) => expect(breaksOff({ headers, text })).toBe(cut));

it.each<[string, string | undefined]>([
	['[{"request_id":"a-1"}]', 'a-1'],
	['{"data":{"request_id":"a-1"},"success":true}', 'a-1'],
	['{"data":{"request_id" : "a-1"},"echo":{"request_id":"a-1"}}', 'a-1'],
	['"{\\"request_id\\":\\"a-1\\"}"', 'a-1'],
	['data: {"request_id":"a-1"}\n\n', 'a-1'],
	[`)]}',\n{"request_id":"a-1"}`, 'a-1'],
	['[{"request_id":"a-1"},{"request_id":"b-2"}]', undefined],
	['{"data":{"request_id":"../x"}}', undefined],
	['{"data":{"request_id":""}}', undefined],
	['{"error":{"request_id":"a-1"}}', undefined],
	['{"data":{"id":"a-1"}}', undefined],
	['', undefined],
])('wrapped in %s', (text, id) => expect(wrappedRequestIdIn(text)).toBe(id));

describe('requestIdIn', () => {
	it.each<[string, string | undefined]>([
		['{"request_id":"a-1"}', 'a-1'],
		[' {"status":"QUEUED", "request_id" : "a-1"}\n', 'a-1'],
		['{"data":{"request_id":"b"},"request_id":"a-1"}', 'a-1'],
		['{"request_id":"req:a.b"}', 'req:a.b'],
		['{"request_id":"."}', undefined],
		['{"request_id":".."}', undefined],
		['{"request_id":"../x"}', undefined],
		['{"request_id":""}', undefined],
		['{"request_id":null}', undefined],
		['{"request_id":["a-1"]}', undefined],
		['{"request_id":{"request_id":"a-1"}}', undefined],
		['{"id":"a-1"}', undefined],
		['{"data":{"request_id":"a-1"}}', undefined],
		['[{"request_id":"a-1"}]', undefined],
		['"request_id"', undefined],
		['null', undefined],
		['', undefined],
		['<html>"request_id":"a-1"</html>', undefined],
		['{"status":"QUEUED","status_url":"https://a.test/v2/requests/a-1/status"}', 'a-1'],
		['{"response_url":"https://a.test/v2/requests/a-1"}', 'a-1'],
		['{"poll_url":"/v1/requests/a-1?x#y"}', 'a-1'],
		['{"request_id":"","poll_url":"/v1/requests/a-1"}', 'a-1'],
		['{"request_id":"b","poll_url":"/v1/requests/a-1"}', 'b'],
		['{"poll_url":"/v1/requests/../x"}', undefined],
		['{"poll_url":"/v1/requests/"}', undefined],
		['{"poll_url":"/v1/models/a-1"}', undefined],
		['{"poll_url":5}', undefined],
	])('in %s', (text, id) => expect(requestIdIn(text)).toBe(id));

	it.each<[string, string | undefined]>([
		['{"request_id":"a-1"', 'a-1'],
		['{"request_id":"a-1","status":"QUE', 'a-1'],
		['{"status":"QUEUED","request_id":"a-1","poll_url":"https://', 'a-1'],
		['\n{ "request_id": "req:a.b", "metrics": {', 'req:a.b'],
		['{"error":"request_id","request_id":"a-1",', 'a-1'],
		['{"error":"\\"request_id\\":\\"b\\"","request_id":"a-1",', 'a-1'],
		['{"request_id":5,"status":"QUE', '5'],
		['{"request_id":"a-', undefined],
		['{"request_id":', undefined],
		['{"request_id":12', undefined],
		['{"request_id":"..","status":"QUE', undefined],
		['{"request_id":"a\\u002d1","status":"QUE', undefined],
		['{"data":{"request_id":"a-1"},"status":"QUE', undefined],
		['{"data":{"request_id":5},"status":"QUE', undefined],
		['[{"request_id":"a-1"},', undefined],
		['x{"request_id":"a-1",', undefined],
	])('in a text that is cut off, %s', (text, id) => expect(requestIdIn(text)).toBe(id));

	it.each<[string, string | undefined]>([
		['{"request_id":5}', '5'],
		['{"request_id": 5 , "status":"QUEUED"}', '5'],
		['{"request_id":9007199254740993}', '9007199254740993'],
		['{"request_id":12345678901234567890123}', '12345678901234567890123'],
		['{"request_id":1.5}', undefined],
		['{"request_id":-5}', undefined],
		['{"request_id":1e5}', undefined],
		[`{"request_id":${'1'.repeat(129)}}`, undefined],
		['{"request_id":true}', undefined],
	])('a number, %s', (text, id) => expect(requestIdIn(text)).toBe(id));
});

it.each<[Record<string, string>, string | undefined]>([
	[{ 'x-request-id': 'a-1' }, 'a-1'],
	[{ 'x-request-id': 'req:a.b' }, 'req:a.b'],
	[{ 'x-request-id': '../x' }, undefined],
	[{ 'x-request-id': '' }, undefined],
	[{ request_id: 'a-1' }, undefined],
	[{}, undefined],
])('requestIdOf %j', (headers, id) => expect(requestIdOf(headers)).toBe(id));

describe('jobState', () => {
	it.each(['QUEUED', 'PROCESSING', 'COMPLETED'])('%s', (status) => {
		expect(jobState({ status, error: 'x' })).toEqual({ status, metrics: {} });
		expect(jobState({ status: status.toLowerCase() })?.status).toBe(status);
	});

	it('FAILED with and without a reason', () => {
		expect(jobState({ status: 'FAILED', error: 'no person', metrics: { total_time: 12.3 } })).toEqual({
			status: 'FAILED',
			metrics: { total_time: 12.3 },
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

describe('the video of a result', () => {
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
		{ video: { url: URL }, output: OTHER },
		{ video_url: OTHER, output: URL },
	])('is found in %j', (body) => expect(videoOf(body)).toEqual({ url: URL }));

	it('is where it counts most, if there are several', () => {
		const keys = ['video', 'output', 'videos', 'result', 'data', 'url', 'video_url'];
		for (const [index, key] of keys.entries()) {
			const others = keys.slice(index + 1).map((other): [string, string] => [other, OTHER]);
			expect([key, videoOf(Object.fromEntries([...others, [key, URL]]))]).toEqual([key, { url: URL }]);
		}
	});

	it('comes with its details', () => {
		expect(videoOf({ video: { url: URL, content_type: 'video/mp4', file_name: 'a.mp4', file_size: 5 } })).toEqual({
			url: URL,
			contentType: 'video/mp4',
			fileName: 'a.mp4',
			fileSize: 5,
		});
		expect(videoOf({ video: { url: URL, content_type: 5, file_name: {} } })).toStrictEqual({ url: URL });
	});

	it.each([0, -5, 1.5, '5', null, NaN, Infinity, 2 ** 53])('has no size of %p', (size) => {
		expect(videoOf({ video: { url: URL, file_size: size } })).toStrictEqual({ url: URL });
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
	])('is not found in %j', (body) => {
		expect(videoOf(body)).toBeUndefined();
		expect(finishedJob(body)).toStrictEqual({ metrics: {} });
	});

	it('may have a URL of any scheme, to be checked where it is used', () => {
		expect(videoOf({ output: 'S3+x.y-z://a/b' })).toEqual({ url: 'S3+x.y-z://a/b' });
	});

	it.each<[unknown, string | undefined]>([
		[{ image_url: IMAGE, video_url: MOTION }, undefined],
		[{ data: { image_url: IMAGE, video_url: MOTION } }, undefined],
		[{ video: { url: MOTION } }, undefined],
		[{ output: [IMAGE, MOTION] }, undefined],
		[{ output: [MOTION, URL] }, URL],
		[{ output: IMAGE, video_url: URL }, URL],
		[{ video_url: MOTION, output: URL }, URL],
		[{ video_url: MOTION, data: { url: URL } }, URL],
		[{ video_url: `${MOTION}?copy` }, `${MOTION}?copy`],
	])('is none of the URLs of the request: %j', (body, url) => {
		expect(videoOf(body, INPUTS)?.url).toBe(url);
	});
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

it('is a finished job with its video and what it cost', () => {
	expect(finishedJob({ output: URL, metrics: { cost: 0.967 } })).toEqual({
		video: { url: URL },
		metrics: { cost: 0.967 },
	});
});

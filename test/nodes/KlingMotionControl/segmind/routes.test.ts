import {
	DEFAULT_URLS,
	isMediaUrl,
	isRequestId,
	routes,
	urlOf,
} from '../../../../nodes/KlingMotionControl/segmind/routes';

it('has the documented routes', () => {
	const model = 'kling-2.6-pro-motion-control';
	expect([
		routes.submit(model),
		routes.status('a-1'),
		routes.result('a-1'),
		routes.blocking(model),
		routes.credits,
		routes.upload,
	]).toEqual([
		'/v2/kling-2.6-pro-motion-control',
		'/v2/requests/a-1/status',
		'/v2/requests/a-1',
		'/v1/kling-2.6-pro-motion-control',
		'/v1/get-user-credits',
		'/upload-asset',
	]);
	expect(DEFAULT_URLS).toEqual({
		api: 'https://api.segmind.com',
		storage: 'https://workflows-api.segmind.com',
		history: 'https://api.spotprod.segmind.com',
	});
});

it.each([
	['https://images.segmind.com/a.mp4', true, true],
	['http://127.0.0.1:80/a', true, true],
	['https://user@a.test/v', true, false],
	['https://:secret@a.test/v', true, false],
	['https://user:secret@a.test/v', true, false],
	['file:///etc/passwd', false, false],
	['data:video/mp4;base64,AA', false, false],
	['ftp://a.test/v.mp4', false, false],
	['/v.mp4', false, false],
	['', false, false],
])('URL %s: http %p, media %p', (url, http, media) => {
	expect(['http:', 'https:'].includes(urlOf(url)?.protocol ?? '')).toBe(http);
	expect(isMediaUrl(url)).toBe(media);
});

describe('request id', () => {
	it.each([
		'8f14e45f-ceea-4672-9c2b-1f0a3d5b7c21',
		'8f14e45fceea46729c2b1f0a3d5b7c21',
		'a',
		'5',
		'A_b-9',
		'req:a.b',
		'.a',
		'..a',
		'a..',
		'x'.repeat(128),
	])('%s is one', (id) => expect(isRequestId(id)).toBe(true));

	it.each(
		[
			'',
			' ',
			'.',
			'..',
			'...',
			'../x',
			'a/b',
			'a\\b',
			'a?b',
			'a#b',
			'a%2e',
			'ä',
			'１',
			'a b',
			'a\n',
			'\na',
			'x'.repeat(129),
			5,
			null,
			undefined,
			{},
			['a'],
		].map((id) => [id]),
	)('%p is none', (id) => expect(isRequestId(id)).toBe(false));
});

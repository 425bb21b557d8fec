import { isHttpUrl, isMediaUrl, routes } from '../../../../nodes/KlingMotionControl/segmind/addresses';

it('has the documented routes', () => {
	const model = 'kling-2.6-pro-motion-control';
	expect([
		routes.submit(model),
		routes.status('a-1'),
		routes.result('a-1'),
		routes.blocking(model),
		routes.credits,
	]).toEqual([
		'/v2/kling-2.6-pro-motion-control',
		'/v2/requests/a-1/status',
		'/v2/requests/a-1',
		'/v1/kling-2.6-pro-motion-control',
		'/v1/get-user-credits',
	]);
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
])('address %s: http %p, media %p', (url, http, media) => {
	expect(isHttpUrl(url)).toBe(http);
	expect(isMediaUrl(url)).toBe(media);
});

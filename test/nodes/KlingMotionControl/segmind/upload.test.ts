import { base64Length, uploadedUrl, uploadFrame } from '../../../../nodes/KlingMotionControl/segmind/upload';

const URL = 'https://files.segmind.test/a.png';

it.each([
	['image/png', 'image/png'],
	['application/vnd.x+json', 'application/vnd.x+json'],
	['image/svg+xml; charset="utf-8"', 'image/svg+xmlcharsetutf-8'],
	['a"],"x":["b', 'axb'],
])('frames a file of the type %s as JSON', (mimeType, type) => {
	const { head, tail } = uploadFrame(mimeType);
	expect(JSON.parse(`${head}AAAA${tail}`)).toEqual({ data_urls: [`data:${type};base64,AAAA`] });
});

it.each([0, 1, 2, 3, 4, 5, 6, 300_001])('knows the length of %d bytes in base64', (bytes) => {
	expect(base64Length(bytes)).toBe(Buffer.alloc(bytes).toString('base64').length);
});

it.each<[unknown, string | undefined]>([
	[{ urls: [URL] }, URL],
	[{ file_urls: [URL], message: 'ok' }, URL],
	[{ urls: [URL], file_urls: ['https://other.test/'] }, URL],
	[{ urls: [] }, undefined],
	[{ urls: URL }, undefined],
	[{ urls: [5] }, undefined],
	[{ urls: [[URL]] }, undefined],
	[{ urls: ['file:///etc/passwd'] }, undefined],
	[{ urls: ['https://user@files.segmind.test/'] }, undefined],
	[{}, undefined],
	[[URL], undefined],
	[undefined, undefined],
])('the address in %j', (body, url) => expect(uploadedUrl(body)).toBe(url));

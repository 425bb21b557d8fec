import { videoFileName, videoMimeType, type VideoNaming } from '../../../../nodes/KlingMotionControl/media/videoName';

const ID = '8f14e45f';

it.each<[string | undefined, Partial<VideoNaming>, string]>([
	['video/mp4', {}, 'video/mp4'],
	['Video/WebM; codecs=vp9', {}, 'video/webm'],
	['video/webm ; codecs=vp9', {}, 'video/webm'],
	['application/video/webm', {}, 'video/mp4'],
	['binary/octet-stream', { contentType: 'video/quicktime' }, 'video/quicktime'],
	[undefined, { url: 'https://a.test/x/clip.mov?y=1.mp4' }, 'video/quicktime'],
	['application/octet-stream', { fileName: 'a.webm', url: 'https://a.test/b.mov' }, 'video/webm'],
	[undefined, {}, 'video/mp4'],
	['video/mp4\r\nx: y', {}, 'video/mp4'],
])('type of %p with %j', (contentType, naming, type) => {
	expect(videoMimeType(undefined, contentType, { wanted: '', ...naming })).toBe(type);
});

it.each<[Partial<VideoNaming>, string, string]>([
	[{}, 'video/mp4', 'kling-motion-8f14e45f.mp4'],
	[{ requestId: undefined }, 'video/mp4', 'kling-motion-video.mp4'],
	[{ wanted: 'dance' }, 'video/mp4', 'dance.mp4'],
	[{ wanted: 'dance.MP4' }, 'video/mp4', 'dance.MP4'],
	[{ wanted: 'dance.v2' }, 'video/quicktime', 'dance.v2.mov'],
	[{ wanted: 'dance.mov.v2' }, 'video/mp4', 'dance.mov.v2.mp4'],
	[{ fileName: ' own.mp4 ' }, 'video/mp4', 'own.mp4'],
	[{ fileName: 'a/\nb/c' }, 'video/mp4', 'c.mp4'],
	[{ wanted: 'dance', fileName: 'own.mp4' }, 'video/mp4', 'dance.mp4'],
	[{ fileName: 'own.mp4', url: 'https://a.test/b.mp4' }, 'video/mp4', 'own.mp4'],
	[{ url: 'https://a.test/x/b%20c.mp4?sig=1' }, 'video/mp4', 'b c.mp4'],
	[{ url: 'https://a.test/%E0%A4%A' }, 'video/webm', '%E0%A4%A.webm'],
	[{ url: 'https://a.test/50%/b%20c.mp4' }, 'video/mp4', 'b c.mp4'],
	[{ url: 'https://a.test/' }, 'video/mp4', 'kling-motion-8f14e45f.mp4'],
	[{ url: 'nonsense' }, 'video/mp4', 'kling-motion-8f14e45f.mp4'],
	[{ fileName: '../../etc/passwd' }, 'video/mp4', 'passwd.mp4'],
	[{ fileName: 'a\\b\\c.mp4' }, 'video/mp4', 'c.mp4'],
	[{ wanted: '..' }, 'video/mp4', 'kling-motion-8f14e45f.mp4'],
	[{ wanted: 'a:b?.mp4' }, 'video/mp4', 'a_b_.mp4'],
	[{ wanted: 'Cats/Dogs dance' }, 'video/mp4', 'Cats_Dogs dance.mp4'],
	[{ wanted: 'dance.mov' }, 'video/mp4', 'dance.mp4'],
	[{ wanted: 'dance.mp4' }, 'video/quicktime', 'dance.mov'],
	[{ wanted: 'dance.m4v' }, 'video/mp4', 'dance.m4v'],
	[{ wanted: 'dance.jpg' }, 'video/mp4', 'dance.mp4'],
	[{ wanted: 'x.constructor' }, 'video/mp4', 'x.constructor.mp4'],
	[{ wanted: '__proto__' }, 'video/mp4', '__proto__.mp4'],
	[{ fileName: 'x' }, 'video/unheard', 'x.mp4'],
])('name from %j as %s', (naming, type, name) => {
	expect(videoFileName({ wanted: '', requestId: ID, ...naming }, type)).toBe(name);
});

it('keeps names short', () => {
	expect(videoFileName({ wanted: 'x'.repeat(999) }, 'video/mp4')).toHaveLength(204);
});

it.each<['mp4' | 'webm' | 'jpeg' | undefined, string, string]>([
	['mp4', 'video/quicktime', 'video/mp4'],
	['webm', 'text/plain', 'video/webm'],
	['jpeg', 'video/mp4', 'video/mp4'],
	[undefined, 'video/webm', 'video/webm'],
])('first bytes of %p come before %p', (kind, contentType, type) => {
	expect(videoMimeType(kind, contentType, { wanted: '' })).toBe(type);
});

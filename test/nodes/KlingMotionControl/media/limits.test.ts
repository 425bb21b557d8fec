import { concerns } from '../../../../nodes/KlingMotionControl/media/limits';
import type { MediaFacts } from '../../../../nodes/KlingMotionControl/media/reader';

it.each<[Partial<MediaFacts>, string[]]>([
	[{}, []],
	[{ kind: 'jpeg', size: 10_000_000, width: 300, height: 750 }, []],
	[{ kind: 'png', width: 750, height: 300 }, []],
	[{ kind: 'png', width: 300, height: 300 }, []],
	[{ kind: 'heic' }, ['The image is HEIC: Kling documents JPG and PNG.']],
	[{ kind: 'webp' }, ['The image is WebP: Kling documents JPG and PNG.']],
	[{ kind: 'mp4' }, ['The image is an MP4 video: Kling documents JPG and PNG.']],
	[{ kind: 'html' }, ['The image is a web page (HTML): Kling documents JPG and PNG.']],
	[{ size: 10_049_999 }, []],
	[{ size: 10_050_001 }, ['The image is 10.1 MB: Kling takes at most 10 MB.']],
	[{ width: 299, height: 700 }, ['The image is 299 × 700 px: Kling expects at least 300 px per side.']],
	[{ width: 700, height: 299 }, ['The image is 700 × 299 px: Kling expects at least 300 px per side.']],
	[{ width: 1000, height: 2504 }, []],
	[{ width: 1000, height: 2506 }, ["The image's aspect ratio is 1:2.51: Kling expects 1:2.5 to 2.5:1."]],
	[{ width: 2506, height: 1000 }, ["The image's aspect ratio is 2.51:1: Kling expects 1:2.5 to 2.5:1."]],
	[
		{ kind: 'gif', size: 20_000_000, width: 200, height: 900 },
		[
			'The image is GIF: Kling documents JPG and PNG.',
			'The image is 20.0 MB: Kling takes at most 10 MB.',
			'The image is 200 × 900 px: Kling expects at least 300 px per side.',
			"The image's aspect ratio is 1:4.5: Kling expects 1:2.5 to 2.5:1.",
		],
	],
	// no animated image is too short
	[{ kind: 'png', duration: 1 }, []],
])('of the image %j', (facts, sentences) => {
	for (const orientation of ['image', 'video'] as const)
		expect(concerns({ size: 1000, ...facts }, 'image', orientation)).toEqual(sentences);
});

it.each<[Partial<MediaFacts>, string[]]>([
	[{}, []],
	[{ kind: 'mp4', size: 100_000_000, width: 100, height: 1000, duration: 10 }, []],
	[{ kind: 'quicktime', duration: 3 }, []],
	[{ kind: 'webm' }, ['The video is WebM: Kling documents MP4 and MOV.']],
	[{ kind: 'matroska' }, ['The video is MKV: Kling documents MP4 and MOV.']],
	[{ kind: 'avi' }, ['The video is AVI: Kling documents MP4 and MOV.']],
	[{ kind: 'm4a' }, ['The video is an M4A audio file: Kling documents MP4 and MOV.']],
	[{ kind: 'gif' }, ['The video is a GIF image: Kling documents MP4 and MOV.']],
	[{ size: 100_060_000 }, ['The video is 100.1 MB: Kling takes at most 100 MB.']],
])('of the motion video %j', (facts, sentences) => {
	for (const orientation of ['image', 'video'] as const)
		expect(concerns({ size: 1000, ...facts }, 'video', orientation)).toEqual(sentences);
});

it.each<[number, string[], string[]]>([
	[2.94, ['The video lasts 2.9 s: Kling takes 3 to 30 s.'], ['The video lasts 2.9 s: Kling takes 3 to 10 s']],
	[2.96, [], []],
	[10, [], []],
	[10.04, [], []],
	[10.06, [], ['The video lasts 10.1 s: Kling takes 3 to 10 s']],
	[30, [], ['The video lasts 30.0 s: Kling takes 3 to 10 s']],
	[30.03, [], ['The video lasts 30.0 s: Kling takes 3 to 10 s']],
	[30.06, ['The video lasts 30.1 s: Kling takes 3 to 30 s.'], ['The video lasts 30.1 s: Kling takes 3 to 10 s']],
	[31, ['The video lasts 31.0 s: Kling takes 3 to 30 s.'], ['The video lasts 31.0 s: Kling takes 3 to 10 s']],
])('of a motion video of %s s', (duration, asVideo, asImage) => {
	const facts: MediaFacts = { kind: 'mp4', size: 1000, duration };
	expect(concerns(facts, 'video', 'video')).toEqual(asVideo);
	expect(concerns(facts, 'video', 'image')).toEqual(asImage.map((text) => `${text} with orientation Image.`));
});

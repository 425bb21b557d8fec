import { MEDIA, type MediaKind } from './kind';
import type { MediaFacts } from './reader';

/**
 * What other hosts of the model document; Segmind publishes no limits. `image` holds for the character image, `video`
 * for the motion video.
 */
const LIMITS: Readonly<Record<'image' | 'video', { kinds: MediaKind[]; formats: string; megabytes: number }>> = {
	image: { kinds: ['jpeg', 'png'], formats: 'JPG and PNG', megabytes: 10 },
	video: { kinds: ['mp4', 'quicktime'], formats: 'MP4 and MOV', megabytes: 100 },
};
/** px */
const MIN_SIDE = 300;
/** The longer side by the shorter one. */
const MAX_RATIO = 2.5;
/** s */
const MIN_DURATION = 3;
/** s, by what the character is turned like. */
const MAX_DURATION = { image: 10, video: 30 } as const;

/**
 * What of a file lies outside of what Kling documents, a sentence each; nothing is said of what is unknown. A value is
 * judged as it is told, rounded (0.1 MB of 1,000,000 bytes, 0.1 s, 0.01 of a ratio): encoders end a clip of 30 s some
 * hundredths later.
 * @param role what the file is for
 * @param orientation what the character is turned like: the motion video may be longer where that is the video
 */
export function concerns(facts: MediaFacts, role: 'image' | 'video', orientation: 'image' | 'video'): string[] {
	const own = role === 'image' ? imageConcerns(facts) : videoConcerns(facts, orientation);
	return [...fileConcerns(facts, role), ...own];
}

function* fileConcerns({ kind, size }: MediaFacts, role: 'image' | 'video'): Generator<string> {
	const { kinds, formats, megabytes } = LIMITS[role];
	if (kind && !kinds.includes(kind)) {
		const { type, format, name } = MEDIA[kind];
		yield `The ${role} is ${type === role ? format : name}: Kling documents ${formats}.`;
	}
	const told = (size / 1_000_000).toFixed(1);
	if (Number(told) > megabytes) yield `The ${role} is ${told} MB: Kling takes at most ${megabytes} MB.`;
}

function* imageConcerns({ width, height }: MediaFacts): Generator<string> {
	if (width === undefined || height === undefined) return;
	const [short, long] = [Math.min(width, height), Math.max(width, height)];
	if (short < MIN_SIDE) yield `The image is ${width} × ${height} px: Kling expects at least ${MIN_SIDE} px per side.`;
	const ratio = Number((long / short).toFixed(2));
	if (ratio > MAX_RATIO) {
		const told = width < height ? `1:${ratio}` : `${ratio}:1`;
		yield `The image's aspect ratio is ${told}: Kling expects 1:${MAX_RATIO} to ${MAX_RATIO}:1.`;
	}
}

function* videoConcerns({ duration }: MediaFacts, orientation: 'image' | 'video'): Generator<string> {
	if (duration === undefined) return;
	const told = duration.toFixed(1);
	const most = MAX_DURATION[orientation];
	if (Number(told) >= MIN_DURATION && Number(told) <= most) return;
	const where = orientation === 'image' ? ' with orientation Image' : '';
	yield `The video lasts ${told} s: Kling takes ${MIN_DURATION} to ${most} s${where}.`;
}

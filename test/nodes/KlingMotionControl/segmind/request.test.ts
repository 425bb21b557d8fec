import { isRequestId } from '../../../../nodes/KlingMotionControl/segmind/addresses';
import { SegmindError } from '../../../../nodes/KlingMotionControl/segmind/errors';
import { model, motionRequest, requestId } from '../../../../nodes/KlingMotionControl/segmind/request';

const INPUT = {
	prompt: 'p',
	characterOrientation: 'video',
	imageUrl: '',
	keepOriginalSound: true,
	videoUrl: undefined,
};

function refusal(work: () => unknown): SegmindError {
	try {
		work();
	} catch (error) {
		if (error instanceof SegmindError) return error;
	}
	throw new Error('was not refused');
}

describe('motionRequest', () => {
	it('has the fields that were given and no other', () => {
		expect(motionRequest(INPUT)).toEqual({ prompt: 'p', character_orientation: 'video', keep_original_sound: true });
		expect(Object.keys(motionRequest({ ...INPUT, imageUrl: null, videoUrl: ' ' }))).toEqual([
			'prompt',
			'character_orientation',
			'keep_original_sound',
		]);
		expect(motionRequest({ ...INPUT, imageUrl: 'http://a.test/i', videoUrl: 'HTTPS://a.test/v ' })).toEqual({
			prompt: 'p',
			character_orientation: 'video',
			image_url: 'http://a.test/i',
			keep_original_sound: true,
			video_url: 'HTTPS://a.test/v',
		});
	});

	it('keeps the prompt as it was typed', () => {
		expect(motionRequest({ ...INPUT, prompt: ' a\nb ' }).prompt).toBe(' a\nb ');
	});

	it.each([
		[true, true],
		[false, false],
		['true', true],
		['false', false],
	])('takes %p as a boolean', (given, sent) => {
		expect(motionRequest({ ...INPUT, keepOriginalSound: given }).keep_original_sound).toBe(sent);
	});

	it.each([
		[{ prompt: 5 }, 'Prompt'],
		[{ prompt: null }, 'Prompt'],
		[{ prompt: '' }, 'Prompt'],
		[{ prompt: ' \n' }, 'Prompt'],
		[{ characterOrientation: 'Video' }, 'Character Orientation'],
		[{ characterOrientation: undefined }, 'Character Orientation'],
		[{ keepOriginalSound: 1 }, 'Keep Original Sound'],
		[{ keepOriginalSound: undefined }, 'Keep Original Sound'],
		[{ imageUrl: 5 }, 'Image URL'],
		[{ imageUrl: ['http://a.test/i'] }, 'Image URL'],
		[{ imageUrl: 'ftp://a.test/i' }, 'Image URL'],
		[{ imageUrl: 'http://' }, 'Image URL'],
		[{ videoUrl: 'javascript:alert(1)' }, 'Video URL'],
	])('refuses %p', (given, name) => {
		const error = refusal(() => motionRequest({ ...INPUT, ...given }));
		expect(error.kind).toBe('input');
		expect(error.message).toContain(`${name} is not valid`);
		expect(error.details.description).toContain(`"${name}"`);
	});
});

it('knows the two models', () => {
	expect(model('kling-2.6-pro-motion-control')).toBe('kling-2.6-pro-motion-control');
	expect(refusal(() => model('kling-2.6')).message).toContain('Model is not valid');
});

describe('request id', () => {
	it.each(['8f14e45f-ceea-4672-9c2b-1f0a3d5b7c21', 'a', 'A_b-9', 'x'.repeat(128)])('%s is one', (id) => {
		expect(isRequestId(id)).toBe(true);
		expect(requestId(` ${id}\n`)).toBe(id);
	});

	it.each([
		'',
		' ',
		'..',
		'../x',
		'a/b',
		'a?b',
		'a#b',
		'a%2e',
		'ä',
		'１',
		'a b',
		'a\n',
		'x'.repeat(129),
		5,
		null,
		undefined,
		{},
	])('%p is none', (id) => {
		expect(isRequestId(id)).toBe(false);
		if (id !== 'a\n') expect(refusal(() => requestId(id)).message).toContain('Request ID is not valid');
	});
});

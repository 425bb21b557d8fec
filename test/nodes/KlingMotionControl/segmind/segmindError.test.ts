import { SegmindError } from '../../../../nodes/KlingMotionControl/segmind/segmindError';

it('gets more details by a copy', () => {
	const error = new SegmindError('network', 'broke', {
		description: 'Try again later.',
		accepted: 'maybe',
		repeats: 2,
	});
	const more = error.with({ requestId: 'a-1', accepted: 'yes' });
	expect([more.kind, more.message, more.details]).toEqual([
		'network',
		'broke',
		{ description: 'Try again later.', accepted: 'yes', repeats: 2, requestId: 'a-1' },
	]);
	expect(error.details).toEqual({ description: 'Try again later.', accepted: 'maybe', repeats: 2 });
	for (const each of [error, more]) {
		expect(each).toBeInstanceOf(Error);
		expect(each.name).toBe('SegmindError');
	}
});

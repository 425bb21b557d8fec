import { about, finishedIn } from '../../../../nodes/KlingMotionControl/jobs/result';
import { failedError, timeoutError } from '../../../../nodes/KlingMotionControl/segmind/endings';
import { networkError } from '../../../../nodes/KlingMotionControl/segmind/faults';

const URL = 'https://images.segmind.test/a.mp4';
const answer = (text: string) => ({ status: 200, headers: {}, text });

describe('finishedIn', () => {
	it('gives the video that an answer names, and its metrics', () => {
		const body = { video: { url: URL, file_size: 4 }, metrics: { cost: 1 } };
		expect(finishedIn(answer(JSON.stringify(body)), [])).toEqual({
			video: { url: URL, fileSize: 4 },
			metrics: { cost: 1 },
		});
	});

	it.each<[string, string[], RegExp]>([
		['{}', [], /names no video$/],
		['', [], /names no video$/],
		[`{"output":"${URL}"}`, [URL], /names no video$/],
		['{"output":"file:///etc/passwd"}', [], /names a video URL that is not a plain http\(s\) one$/],
		['{"output":"data:video/mp4;base64,AA=="}', [], /is not a plain/],
		['{"output":"https://user:word@a.test/"}', [], /is not a plain/],
	])('takes none of %s (inputs: %j)', (text, inputs, message) => {
		const work = () => finishedIn(answer(text), inputs);
		expect(work).toThrow(message);
		expect(work).toThrow(
			expect.objectContaining({ kind: 'media', details: expect.objectContaining({ accepted: 'yes' }) }),
		);
	});
});

describe('about', () => {
	it('names the request and the video, and says that it is paid for', () => {
		const named = about(networkError('download', { code: 'ECONNRESET' }), { requestId: 'a', videoUrl: URL });
		expect(named).toMatchObject({ kind: 'network', details: { requestId: 'a', videoUrl: URL, accepted: 'yes' } });
	});

	it('replaces nothing that is known, and does not charge what failed', () => {
		const known = timeoutError(1, 'QUEUED').with({ requestId: 'own' });
		expect(about(known, { requestId: 'a' })).toMatchObject({ details: { requestId: 'own', accepted: 'yes' } });
		expect(about(failedError('x', 200), { requestId: 'a' })).toMatchObject({
			kind: 'failed',
			details: { requestId: 'a', accepted: 'no' },
		});
	});

	it('leaves an error of another kind as it is', () => {
		const error = new TypeError('x');
		expect(about(error, { requestId: 'a' })).toBe(error);
	});
});

import { failedError, timeoutError } from '../../../../nodes/KlingMotionControl/segmind/errors';
import { withJob } from '../../../../nodes/KlingMotionControl/segmind/recovery';

const ID = '8f14e45f';
const URL = 'https://images.segmind.test/a.mp4';

describe('withJob', () => {
	const fetches = `The operation Get Video with the request ID ${ID} fetches the video without paying again, for about 1 hour after the request.`;
	const lies = `The video is at ${URL} for 7 days.`;
	const timeout = timeoutError(1, 'QUEUED');

	it.each<[object, string, string, object]>([
		[{ requestId: ID }, ` [request ${ID}]`, ` ${fetches}`, { requestId: ID }],
		[{ videoUrl: URL }, ` [video ${URL}]`, ` ${lies}`, { videoUrl: URL }],
		[
			{ requestId: ID, videoUrl: URL },
			` [request ${ID}, video ${URL}]`,
			` ${fetches} ${lies}`,
			{ requestId: ID, videoUrl: URL },
		],
		[{ requestId: ID, videoUrl: 'file:///x' }, ` [request ${ID}]`, ` ${fetches}`, { requestId: ID }],
		[{ videoUrl: 'file:///x' }, '', '', {}],
		[{}, '', '', {}],
	])('%j', (job, names, advice, known) => {
		const error = withJob(timeout, job);
		expect(error.kind).toBe('timeout');
		expect(error.message).toBe(`${timeout.message}${names}`);
		expect(error.details).toEqual({
			description: `${timeout.details.description}${advice}`,
			status: 'QUEUED',
			...known,
		});
	});

	it('names a job once', () => {
		const named = withJob(timeout, { requestId: ID });
		expect(withJob(named, { requestId: 'another' })).toBe(named);
	});

	it('does not send anybody to Get Video for a failed job', () => {
		const failed = failedError('no person', 422);
		const { message, details } = withJob(failed, { requestId: ID });
		expect(message).toBe(`Segmind could not make the video: no person [request ${ID}]`);
		expect(details).toEqual({ ...failed.details, requestId: ID });
	});

	it('names the job of an unexpected error, without what that says', () => {
		const { kind, message, details } = withJob(new TypeError('secret'), { requestId: ID });
		expect(kind).toBe('unexpected');
		expect(message).toBe(`The node ran into an unexpected error (TypeError) [request ${ID}]`);
		expect(details).toEqual({
			description: `Please report it with the steps that lead to it. ${fetches}`,
			requestId: ID,
		});
	});
});

import type { Answer } from '../../../../nodes/KlingMotionControl/segmind/types';
import type { File } from '../../../../nodes/KlingMotionControl/transport/file';
import { networkError } from '../../../../nodes/KlingMotionControl/segmind/errors';
import { thrown, virtualRun } from '../../../support/virtualRun';

/** A run whose storage answers with each of these in turn, and the last of them from then on. */
function storage(...bodies: Array<object | Error>) {
	const uploads: File[] = [];
	const upload = async (file: File): Promise<Answer> => {
		uploads.push(file);
		const body = bodies[Math.min(uploads.length, bodies.length) - 1];
		if (body instanceof Error) throw body;
		return { status: 200, headers: {}, text: JSON.stringify(body) };
	};
	const virtual = virtualRun({ client: { upload } });
	const { run, clock } = virtual;
	const url = async (file: File, time = 600_000) => await run.uploads.url(run, file, clock.now() + time);
	return { ...virtual, uploads, url };
}

function fileOf(hash: string, mimeType = 'image/png'): File {
	return { binary: { data: '', mimeType }, hash, size: 1 };
}

const urls = (name: string) => ({ urls: [`https://files.test/${name}`] });

it('uploads a file once, and each other one', async () => {
	const { url, uploads } = storage(urls('a'), urls('b'), urls('c'));
	const first = [fileOf('1'), fileOf('1'), fileOf('2'), fileOf('1', 'image/jpeg')].map(async (file) => await url(file));
	const [a, b, c] = ['a', 'b', 'c'].map((name) => `https://files.test/${name}`);
	expect(await Promise.all(first)).toEqual([a, a, b, c]);
	expect(await url(fileOf('1'))).toBe(a);
	expect(uploads).toHaveLength(3);
});

it('tries again what passes', async () => {
	const { url, uploads, clock } = storage(networkError('upload', 'ECONNRESET'), {}, urls('a'));
	expect(await clock.drive(url(fileOf('1')))).toBe('https://files.test/a');
	expect(uploads).toHaveLength(3);
});

it('gives up at the deadline, and lets a later item try again', async () => {
	const { url, uploads, clock } = storage({}, {}, urls('a'));
	const both = Promise.all([thrown(url(fileOf('1'), 1_000)), thrown(url(fileOf('1'), 1_000))]);
	const [one, other] = await clock.drive(both);
	expect(one).toBe(other);
	expect(one).toMatchObject({
		kind: 'unreadable',
		message: "Segmind's storage gave an answer that names no address for the file",
	});
	expect(uploads).toHaveLength(2);
	expect(await url(fileOf('1'))).toBe('https://files.test/a');
});

import { unreadableError } from '../segmind/errors';
import { jsonObject } from '../segmind/response';
import { uploadedUrl } from '../segmind/upload';
import type { File } from '../transport/file';
import { repeat } from './repeat';
import type { Run } from './run';

/** The uploads of a run: a file that several items share is uploaded once. Uploads cost nothing and may be repeated. */
export class Uploads {
	private readonly urls = new Map<string, Promise<string>>();

	/**
	 * The address of a file at Segmind's storage.
	 * @param deadline ms since the epoch
	 * @throws SegmindError of the stage `upload`
	 */
	async url(run: Run, file: File, deadline: number): Promise<string> {
		const key = `${file.binary.mimeType}:${file.hash}`;
		return await (this.urls.get(key) ?? this.begin(key, upload(run, file, deadline)));
	}

	private begin(key: string, url: Promise<string>): Promise<string> {
		this.urls.set(key, url);
		// a later item may try again what failed for this one
		url.catch(() => this.urls.delete(key));
		return url;
	}
}

async function upload(run: Run, file: File, deadline: number): Promise<string> {
	return await repeat(run, { deadline }, async () => {
		const answer = await run.client.upload(file);
		const url = uploadedUrl(jsonObject(answer.text));
		if (!url) throw unreadableError('upload', answer, 'names no address for the file');
		return url;
	});
}

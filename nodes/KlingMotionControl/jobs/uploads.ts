import { unreadableError } from '../segmind/faults';
import { jsonObject } from '../segmind/json';
import type { SegmindError } from '../segmind/segmindError';
import type { MotionRequest } from '../segmind/types';
import { uploadedUrl } from '../segmind/upload';
import type { FileContent } from '../transport/file';
import type { Order } from './order';
import { megabytes } from './progress';
import { repeat } from './repeat';
import type { Session } from './session';

/** How often a file is uploaded, which is sent whole each time, before its item fails: nothing is paid for yet. */
const TRIES = 10;

/** The uploads of a run: a file that several items share is uploaded once. Uploads are free and may be repeated. */
export class Uploads {
	private readonly urls = new Map<string, Promise<string>>();

	constructor(private readonly session: Pick<Session, 'client' | 'clock' | 'progress'>) {}

	/**
	 * The request body of an order, with the URLs that its files got.
	 * @param itemIndex the item that is told of them
	 * @param deadline ms since the epoch
	 * @throws SegmindError of the stage `upload`
	 */
	async bodyOf(itemIndex: number, { body, files }: Order, deadline: number): Promise<MotionRequest> {
		const { image, video } = files;
		return {
			...body,
			...(image && { image_url: await this.urlOf(itemIndex, image, deadline) }),
			...(video && { video_url: await this.urlOf(itemIndex, video, deadline) }),
		};
	}

	private async urlOf(itemIndex: number, file: FileContent, deadline: number): Promise<string> {
		const key = `${file.mimeType}:${file.hash}`;
		return await (this.urls.get(key) ?? this.begin(key, this.upload(itemIndex, file, deadline)));
	}

	private begin(key: string, url: Promise<string>): Promise<string> {
		this.urls.set(key, url);
		// a later item may try again what failed for this one
		url.catch(() => this.urls.delete(key));
		return url;
	}

	private async upload(itemIndex: number, file: FileContent, deadline: number): Promise<string> {
		const { client, clock, progress } = this.session;
		progress.tell(itemIndex, `uploading ${nameOf(file)}`);
		const onFault = (fault: SegmindError, wait: number) => progress.tellFault(itemIndex, fault, wait);
		return await repeat(clock, { deadline, tries: TRIES, onFault }, async () => {
			const answer = await client.upload(file);
			const url = uploadedUrl(jsonObject(answer.text));
			if (!url) throw unreadableError('upload', answer, 'names no URL for the file');
			return url;
		});
	}
}

/** A file as a person is told: "dance.mp4 (12.3 MB)". */
function nameOf({ binary, mimeType, facts }: FileContent): string {
	return `${binary.fileName || mimeType} (${megabytes(facts.size)})`;
}

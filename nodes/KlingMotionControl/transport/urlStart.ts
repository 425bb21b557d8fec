import type { Headers } from '../segmind/types';
import { inTime, readChunks } from './body';
import type { Environment } from './environment';
import { send } from './http';

/** The beginning of what a public URL answers with. */
export interface UrlStart {
	status: number;
	/** As many as came of the wanted ones. */
	bytes: Buffer;
	/** Whether a fault, or the time, ended them before the wanted ones were there. */
	isCut: boolean;
	/** The size of the whole file in bytes, where the answer tells. */
	size?: number;
}

/**
 * Fetches the beginning of what is at a public URL, without any credential: one small request, bounded in bytes and time.
 * @throws SegmindError of the stage `check` where nothing comes
 */
export async function fetchStart(environment: Environment, url: string): Promise<UrlStart> {
	const { clock, limits } = environment;
	const end = clock.now() + limits.checkTime;
	const { status, headers, body, close } = await send(environment, {
		stage: 'check',
		method: 'GET',
		url,
		headers: { range: `bytes=0-${limits.checkBytes - 1}`, 'accept-encoding': 'identity' },
		timeout: limits.checkTime,
	});
	if (/^multipart\//i.test(headers['content-type'] ?? '')) {
		// one part, in an envelope of its own
		close();
		return { status, bytes: Buffer.alloc(0), isCut: true };
	}
	const chunks: Buffer[] = [];
	// what comes before a fault, or before the time is up, is worth a look, too
	const read = async () => await readChunks(body, chunks, limits.checkBytes);
	const isCut = await inTime(clock, body, () => end, read).then(
		() => false,
		() => true,
	);
	close();
	const size = sizeOf(status, headers);
	return { status, bytes: Buffer.concat(chunks), isCut, ...(size !== undefined && { size }) };
}

function sizeOf(status: number, headers: Headers): number | undefined {
	const [, total] = /^bytes \d+-\d+\/(\d+)$/.exec(headers['content-range'] ?? '') ?? [];
	const text = total ?? (status === 200 ? headers['content-length'] : undefined);
	return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

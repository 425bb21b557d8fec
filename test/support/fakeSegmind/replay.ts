import type { RecordedAnswer, RecordedExchange, ServiceRecord } from '../../../scripts/checkService/record';
import { PICTURE } from '../../../scripts/checkService/upload';
import { idsIn, plainId, type FakeRequest } from './protocol';
import { startFakeSegmind, type FakeServer } from './server';
import { KEY, VIDEO } from './service';
import type { FakeSettings, Fault } from './settings';

/**
 * A fake that answers as the real service did when `npm run check-service` asked it, in the same order; what was not asked
 * then, and what is about jobs of its own, it answers itself. Whoever started it closes it.
 */
export async function startReplay(record: ServiceRecord, settings: Partial<FakeSettings> = {}): Promise<FakeServer> {
	const counts = new Map<RecordedExchange, number>();
	const server = await startFakeSegmind({
		...settings,
		fault(request, route, count) {
			const { segmind } = server;
			const ids = idsIn(request.path).map(plainId);
			if (segmind.jobs.some(({ id }) => ids.includes(plainId(id)))) return settings.fault?.(request, route, count);
			const alike = alikeIn(record, request, segmind.mediaOrigin);
			const [first] = alike;
			if (!first) return settings.fault?.(request, route, count);
			const asked = counts.get(first) ?? 0;
			counts.set(first, asked + 1);
			const { answer } = alike[Math.min(asked, alike.length - 1)] ?? first;
			return 'fault' in answer ? { cut: 'before' } : faultOf(answer, request, server);
		},
	});
	return server;
}

/** The exchanges that were about the same. An id that none of them names is taken for the unknown one. */
function alikeIn({ exchanges }: ServiceRecord, { host, method, path, headers }: FakeRequest, media: string) {
	const sent = headers['x-api-key'];
	const key = sent === undefined ? 'none' : sent === KEY ? 'right' : 'wrong';
	const [way = ''] = path.split('?');
	const same = (wanted: string) =>
		exchanges.filter(
			(exchange) =>
				exchange.host === host &&
				exchange.method === method &&
				exchange.key === key &&
				exchange.path.replace('{media}', media) === wanted,
		);
	const exact = same(host === 'media' ? media + way : way);
	const [id] = idsIn(way);
	return exact.length > 0 || !id ? exact : same(way.replace(id, '{id}'));
}

function faultOf({ status, headers, body }: RecordedAnswer, { path }: FakeRequest, server: FakeServer): Fault {
	const origins: Record<string, string> = {
		'{api}': server.url,
		'{storage}': server.storageUrl,
		'{history}': server.historyUrl,
		'{media}': server.segmind.mediaOrigin,
		'{id}': idsIn(path)[0] ?? '',
	};
	const placed = (text: string) => text.replace(/\{(api|storage|history|media|id)\}/g, (name) => origins[name] ?? name);
	return {
		status,
		headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, placed(value)])),
		body: typeof body === 'string' ? placed(body) : 'picture' in body ? PICTURE : videoOf(body.bytes),
	};
}

/** As many bytes, which begin as a video does. */
function videoOf(bytes: number): Buffer {
	const video = Buffer.alloc(bytes);
	VIDEO.copy(video);
	return video;
}

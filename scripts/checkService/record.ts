import { SAMPLE_BODY } from '../../test/support/parameters';
import type { NetworkFault } from '../../nodes/KlingMotionControl/segmind/verdict';
import { Mask } from './mask';
import type { Answered, Exchange, Question, Service } from './service';
import { PICTURE } from './upload';

/** The headers that are kept: none of them is of one account. */
const HEADERS = /^(content-type|date|retry-after|allow|.*rate-?limit.*)$/;

/** An exchange without what is somebody's. `{api}`, `{media}` and the like stand for hosts, `{id}` for an unknown id. */
export interface RecordedExchange extends Pick<Question, 'host'> {
	method: 'GET' | 'POST';
	/** Without its query; of a file the whole URL. */
	path: string;
	key: 'right' | 'wrong' | 'none';
	answer: RecordedAnswer | { fault: NetworkFault };
}

/** An answer as it is kept. */
export interface RecordedAnswer {
	status: number;
	headers: Record<string, string>;
	/** Of a file only what it was: the picture that the check had uploaded, or so many bytes. */
	body: string | { picture: true } | { bytes: number };
}

/** All exchanges of a check, in their order. */
export interface ServiceRecord {
	exchanges: RecordedExchange[];
}

/** What a check may keep of its exchanges. */
export function recordOf({ exchanges, key, bases }: Service, unknownId: string): ServiceRecord {
	const own = Object.values(SAMPLE_BODY).map(String);
	const mask = new Mask(key, bases, own, unknownId);
	for (const { reply } of exchanges) if ('text' in reply) mask.learn(reply.text);
	return { exchanges: exchanges.map((exchange) => recorded(mask, exchange)) };
}

function recorded(mask: Mask, { question, reply }: Exchange): RecordedExchange {
	const { host, method = 'GET', path, key = 'right' } = question;
	return {
		host,
		method,
		path: host === 'media' ? mask.url(path) : mask.path(path),
		key: host === 'media' ? 'none' : key,
		answer: 'fault' in reply ? reply : answerOf(mask, reply, host === 'media'),
	};
}

function answerOf(mask: Mask, { status, headers, body, text }: Answered, isFile: boolean): RecordedAnswer {
	const kept = Object.entries(headers).filter(([name]) => HEADERS.test(name));
	const location: Record<string, string> =
		headers.location === undefined ? {} : { location: mask.url(headers.location) };
	return {
		status,
		headers: { ...Object.fromEntries(kept), ...location },
		body:
			!isFile || status >= 300 ? mask.text(text) : body.equals(PICTURE) ? { picture: true } : { bytes: body.length },
	};
}

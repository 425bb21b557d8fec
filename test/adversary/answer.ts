import type { Extra, Move } from './schedule';

/** What belongs to a route, before the move changes it. */
export interface Content {
	status: number;
	headers: Record<string, string>;
	body: Buffer | object;
}

/** An answer as it goes out. */
export interface Answer {
	status: number;
	bytes: Buffer;
	/** Where its head ends, and how much of it is sent. */
	headLength: number;
	sent: number;
	/** Where a client that goes by the head stops reading. */
	end: number;
	/** Whether its head comes whole, and is one. */
	headed: boolean;
	/** Whether the client can take the message for whole, and its body for what was meant. */
	whole: boolean;
	readable: boolean;
	/** Whether the client cannot but read all of it. */
	certain: boolean;
}

/** Refusals by their status alone: Segmind took nothing on. */
const REFUSALS = [301, 307, 308, 400, 401, 402, 403, 404, 405, 406, 410, 413, 415, 422, 429];
/** What an answer may call a job in place of its id. */
export const WRONG_ID = 7_654_321;
/** Statuses whose body is not sent. */
const BODILESS = [204, 304];

/** The bytes of an answer. @param mediaUrl the origin of the media host, for a redirect */
export function answerOf(move: Move, content: Content, key: string, mediaUrl: string): Answer {
	const { framing, ending } = move;
	const status = typeof move.status === 'number' ? move.status : content.status;
	const body = bodyOf(move, content, key);
	const lines = [
		`HTTP/1.1 ${status} Some Words`,
		...Object.entries(content.headers).map(([name, value]) => `${name}: ${value}`),
		...framingHeaders(move, body.length),
		...move.extras.flatMap((extra) => extraHeader(extra, content, key, mediaUrl)),
	];
	const first = move.extras.includes('100 first') ? 'HTTP/1.1 100 Continue\r\n\r\n' : '';
	const start = framing === 'no HTTP' ? '\u0000\u0001 no HTTP\r\n\r\n' : `${first}${lines.join('\r\n')}\r\n\r\n`;
	const bytes = Buffer.concat([Buffer.from(start), ...framed(move, body)]);
	const sent = Math.floor((bytes.length * (1_000 - move.missing)) / 1_000);
	const wellFormed =
		!['no HTTP', 'both'].includes(framing) && !move.extras.some((extra) => ['no colon', 'huge'].includes(extra));
	const headed = status >= 200 && wellFormed && sent >= start.length;
	// behind the length that it gives itself, no client reads an answer
	const end = framing === 'too short' ? start.length + Math.floor(body.length / 2) : bytes.length;
	const all = sent >= end;
	// where the connection's end is the body's, nobody can tell a cut one, but by its own text
	const isMedia = move.body === 'noise' || (move.body === 'proper' && Buffer.isBuffer(content.body));
	const isCut = !isMedia && sent > start.length && !all;
	const closed = !['keep', 'drip'].includes(ending) && !isCut;
	const whole = headed && (framing === 'close' ? closed : all && framing !== 'too long');
	const meant =
		framing !== 'too short' && !move.extras.includes('content-encoding: gzip') && !BODILESS.includes(status);
	const readable = whole && all && meant;
	const certain = readable && (ending === 'close' || (ending === 'keep' && framing !== 'close'));
	return { status, bytes, headLength: start.length, sent, end, headed, whole, readable, certain };
}

/** Whether an answer to a POST proves that nothing was taken on, by its own status and body. */
export function refuses({ status, whole, readable }: Answer, { body }: Move, content: Content): boolean {
	if (REFUSALS.includes(status)) return whole;
	if (body === 'failed') return readable;
	const isError =
		['error', 'key', 'escaped key', 'huge'].includes(body) || (body === 'proper' && 'error' in content.body);
	return status === 503 && readable && isError;
}

function bodyOf({ body, status }: Move, content: Content, key: string): Buffer {
	switch (body) {
		case 'proper':
			return Buffer.isBuffer(content.body) ? content.body : json(content.body);
		case 'error':
			return json({ error: `busy with ${status}` });
		case 'failed':
			return json({ status: 'FAILED', error: 'no person', metrics: {} });
		case 'page':
			return Buffer.from(
				`<!DOCTYPE html><html><body><script>alert("${key}")</script>Error: gateway\n    at serve (/srv/app.js:1:2)</body></html>`,
			);
		case 'key':
			return json({ error: `The key ${key} is not good` });
		case 'escaped key':
			return Buffer.from(`{"error":"The key ${escaped(key)} is not good"}`);
		case 'empty':
			return Buffer.alloc(0);
		case 'cut JSON':
			return Buffer.from('{"request_id":"0000');
		case 'wrong JSON':
			return json({
				status: 'ON HOLD',
				request_id: WRONG_ID,
				output: [null],
				error: { stack: 'at serve (/srv/app.js:1:2)' },
			});
		case 'bad id':
			return json({ request_id: '../../x?y#z', status: 'QUEUED' });
		case 'noise':
			return Buffer.from(Array.from({ length: 256 }, (_, at) => (at * 167 + 13) % 256));
		case 'huge':
			return json({ error: 'x'.repeat(200_000) });
	}
}

function framingHeaders({ framing }: Move, length: number): string[] {
	switch (framing) {
		case 'length':
		case 'no HTTP':
			return [`content-length: ${length}`];
		case 'chunked':
			return ['transfer-encoding: chunked'];
		case 'close':
			return ['connection: close'];
		case 'too short':
			return [`content-length: ${Math.floor(length / 2)}`];
		case 'too long':
			return [`content-length: ${length + 10}`];
		case 'both':
			return [`content-length: ${length}`, 'transfer-encoding: chunked'];
	}
}

function framed({ framing }: Move, body: Buffer): Buffer[] {
	if (framing !== 'chunked' && framing !== 'both') return [body];
	if (body.length === 0) return [Buffer.from('0\r\n\r\n')];
	return [Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n0\r\n\r\n')];
}

function extraHeader(extra: Extra, { headers }: Content, key: string, mediaUrl: string): string[] {
	const [name = ''] = extra.split(':');
	switch (extra) {
		case '100 first':
			return [];
		case 'location: media':
			return [`location: ${mediaUrl}/elsewhere`];
		case 'x-echo: key':
			return [`x-echo: ${key}`, `x-reason: the key ${key}`];
		case 'no colon':
			return ['this is no header'];
		case 'huge':
			return [`x-huge: ${'x'.repeat(20_000)}`];
		case 'x-request-id: 0':
			// a proxy's own id; where Segmind's stands in this header, there is no other one
			return name in headers ? [] : ['x-request-id: 00000000-0000-4000-8000-000000000000'];
		default:
			return [extra];
	}
}

function escaped(text: string): string {
	return [...text].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
}

function json(value: object): Buffer {
	return Buffer.from(JSON.stringify(value));
}

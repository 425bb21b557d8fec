import {
	historyPage,
	historyRecord,
	LIFE_OF_URL,
	type HistoryRow,
} from '../../nodes/KlingMotionControl/segmind/history';
import { isRecord, parsed } from '../../nodes/KlingMotionControl/segmind/json';
import { routes } from '../../nodes/KlingMotionControl/segmind/routes';
import { LIMITS } from '../../nodes/KlingMotionControl/transport/limits';
import { Findings, type Finding } from './findings';
import type { Answered, Service } from './service';
import { bodyOf, shapeOf } from './shape';
import { checkRows } from './rows';

/** As the code asks for a page. */
const PER_PAGE = 100;
const MB = 1024 * 1024;
const DAY = 24 * 60 * 60_000;

/**
 * The request history: one page, one request of it, and one that there is not.
 * @param unknownId an id that no request has
 */
export async function checkHistory(service: Service, unknownId: string): Promise<Finding[]> {
	const findings = new Findings('Request history');
	const reply = await service.ask({
		stage: 'history',
		host: 'history',
		path: routes.history(firstPage(service.clock.now())),
	});
	const isThere = findings.answer(
		{ fact: 'A page of it', expected: '200, JSON with a list of requests, up to 1 MB', depends: true },
		reply,
		(answer) => {
			const page = answer.status === 200 ? historyPage(answer.text) : undefined;
			const isShort = answer.body.length <= LIMITS.answerBytes;
			const size = isShort ? '' : `, ${Math.ceil(answer.body.length / MB)} MB`;
			return {
				seen: `${shapeOf(answer)}${page ? `; a list of ${page.count}` : '; no list that can be read'}${size}`,
				ok: page !== undefined && isShort,
			};
		},
	);
	const first = isThere && 'text' in reply ? checkRows(findings, reply, PER_PAGE) : undefined;
	await checkRecord(service, findings, first);
	await checkUnknown(service, findings, unknownId);
	return findings.all;
}

/** The query of a page that has every request of the last days, as the code writes it. */
function firstPage(now: number): string {
	return new URLSearchParams({
		page: '1',
		per_page: String(PER_PAGE),
		sort_by: 'model_created',
		sort_order: 'desc',
		from_date: new Date(now - LIFE_OF_URL).toISOString().slice(0, 10),
		to_date: new Date(now + DAY).toISOString().slice(0, 10),
	}).toString();
}

async function checkRecord(service: Service, findings: Findings, row: HistoryRow | undefined): Promise<void> {
	const fact = { fact: 'One request by its ID', expected: '200, JSON with that request', depends: true };
	if (!row) return findings.skip(fact, 'no request to ask for');
	const { requestId } = row;
	const reply = await service.ask({ stage: 'history', host: 'history', path: routes.record(requestId) });
	findings.answer(fact, reply, (answer) => {
		const found = answer.status === 200 ? historyRecord(answer.text, requestId) : undefined;
		return {
			seen: `${answer.status}, ${wrappingOf(answer)}${found ? '' : '; not that request'}`,
			ok: found !== undefined,
		};
	});
}

function wrappingOf(answer: Answered): string {
	const body = parsed(answer.text);
	if (answer.status !== 200) return bodyOf(answer.text);
	if (Array.isArray(body)) return 'in a list';
	if (isRecord(body) && 'request_id' in body) return 'bare';
	return `${bodyOf(answer.text)} around it`;
}

async function checkUnknown(service: Service, findings: Findings, unknownId: string): Promise<void> {
	const fact = { fact: 'An unknown request', expected: '404 that repeats the ID', depends: true };
	const reply = await service.ask({ stage: 'history', host: 'history', path: routes.record(unknownId) });
	findings.answer(fact, reply, (answer) => {
		const names = answer.text.includes(unknownId);
		return {
			seen: `${shapeOf(answer)}; ${names ? 'it repeats' : 'it does not repeat'} the ID`,
			ok: answer.status === 404 && names,
		};
	});
}

import { historyPage, isSameRequest, type HistoryRow } from '../../nodes/KlingMotionControl/segmind/history';
import { sameId } from '../../nodes/KlingMotionControl/segmind/ids';
import type { Model } from '../../nodes/KlingMotionControl/segmind/models';
import { routes } from '../../nodes/KlingMotionControl/segmind/routes';
import type { MotionRequest } from '../../nodes/KlingMotionControl/segmind/types';
import type { Look } from './findings';
import type { Service } from './service';
import { formOfId } from './shape';

const SECOND = 1_000;
const DAY = 24 * 60 * 60 * SECOND;
/** The pauses before looks, in ms: those of the code after a lost answer, 90 s in all. */
const PAUSES = [0, 2, 4, 8, 16, 30, 30].map((seconds) => seconds * SECOND);
/** How much earlier than the POST the code takes a row, and how much later one is plausible, in ms. */
const MARGIN = { earlier: 5 * SECOND, later: 60 * SECOND };

/** A request that was bought. */
export interface Bought {
	requestId: string;
	model: Model;
	body: MotionRequest;
	/** ms since the epoch */
	sentAt: number;
}

/** What the history shows of it while it is new. */
interface RowLooks {
	late: Look;
	inputs?: Look;
	time?: Look;
	form?: string;
}

/** Looks for a request's row in the history, as the code does where the answer to a submit was lost. */
export async function lookForRow(service: Service, { requestId, model, body, sentAt }: Bought): Promise<RowLooks> {
	const query = new URLSearchParams({
		page: '1',
		per_page: '100',
		sort_by: 'model_created',
		sort_order: 'desc',
		from_date: new Date(sentAt - DAY).toISOString().slice(0, 10),
		model_name: model,
	});
	for (const pause of PAUSES) {
		await service.clock.sleep(pause);
		const reply = await service.ask({ stage: 'history', host: 'history', path: routes.history(query.toString()) });
		if ('fault' in reply || reply.status !== 200) continue;
		const row = historyPage(reply.text)?.rows.find((each) => sameId(each.requestId, requestId));
		if (!row) continue;
		const seconds = Math.round((service.clock.now() - sentAt) / SECOND);
		return {
			late: {
				seen: `${seconds} s after the submit, as ${row.status ?? 'an unknown status'}`,
				ok: row.status !== undefined,
			},
			inputs: isSameRequest(row, model, body) ? { seen: 'as they were sent', ok: true } : { seen: 'others', ok: false },
			time: timeOf(row, Date.parse(reply.headers.date ?? '') - (service.clock.now() - sentAt)),
			form: formOfId(row.requestId),
		};
	}
	return { late: { seen: 'not within 90 s', ok: false } };
}

/** @param sentAt ms since the epoch, by the service's clock */
function timeOf({ createdAt }: HistoryRow, sentAt: number): Look {
	if (createdAt === undefined) return { seen: 'none that can be read', ok: false };
	if (Number.isNaN(sentAt)) return { seen: 'the answer has no `Date` to compare it with', ok: false };
	const late = createdAt - sentAt;
	const seconds = Math.round(late / SECOND);
	return {
		seen: Math.abs(seconds) < 2 ? 'that of the submit' : `${Math.abs(seconds)} s ${seconds < 0 ? 'earlier' : 'later'}`,
		ok: late > -MARGIN.earlier && late < MARGIN.later,
	};
}

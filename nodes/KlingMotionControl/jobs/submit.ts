import { failedError, doubtError, networkError, SegmindError, unreadableError } from '../segmind/errors';
import { isRequestId, routes } from '../segmind/addresses';
import { withJob } from '../segmind/recovery';
import { jobState, jsonObject, metricsFromHeaders, metricsOf, requestIdOf, videoOf } from '../segmind/response';
import type { Metrics, Model, MotionRequest } from '../segmind/types';
import { peek, type Readable, type Reply } from '../transport/body';
import { storeVideo } from '../transport/download';
import { faultInBody } from '../transport/fault';
import type { Submitted } from './ledger';
import { repeat, settle } from './repeat';
import type { Run } from './run';
import { finishedJob } from './wait';

/** `auto`: v2, or v1 where v2 is not served; `async`: v2 only; `sync`: v1 only (design.md, "Contract"). */
export type ApiMode = 'auto' | 'async' | 'sync';

/** What an item asks for, and how. */
export interface Order {
	/** The key of the item in the ledger. */
	key: string;
	model: Model;
	/** The request body; making it may upload files. Called only where a request is to be sent. */
	request(): Promise<MotionRequest>;
	mode: ApiMode;
	/** ms since the epoch */
	deadline: number;
	/** How long v1 may take to answer, in ms. */
	blockingTime: number;
	/** The option for the file's name, for v1's bytes. */
	fileName: string;
}

/**
 * Buys a video, unless an earlier try of this item did: then that request goes on.
 * @throws SegmindError of kind `doubt` where an earlier try may have bought it without telling its id
 */
export async function submitOnce(run: Run, order: Order): Promise<Submitted & { resumed: boolean }> {
	const { ledger } = run;
	const known = ledger.recall(order.key);
	if (known) {
		if (!known.requestId && !known.finished) throw doubtError(known.doubt);
		return { ...known, resumed: true };
	}
	const request = await order.request();
	ledger.open(order.key);
	const outcome = await settle(() => submit(run, order, request));
	if ('value' in outcome) {
		ledger.add(order.key, outcome.value);
		return { ...outcome.value, resumed: false };
	}
	const { error } = outcome;
	if (error instanceof SegmindError) {
		const { mayBeAccepted, requestId, httpStatus } = error.details;
		if (!mayBeAccepted) ledger.forget(order.key);
		else ledger.add(order.key, { ...(requestId && { requestId }), doubt: { message: error.message, httpStatus } });
	}
	throw error;
}

async function submit(run: Run, order: Order, request: MotionRequest): Promise<Submitted> {
	if (order.mode === 'sync') return await submitBlocking(run, order, request);
	const outcome = await settle(() => submitQueued(run, order, request));
	if ('value' in outcome) return outcome.value;
	if (order.mode === 'auto' && isNotServed(outcome.error)) return await submitBlocking(run, order, request);
	throw outcome.error;
}

/** Whether v2 is not there: such an answer took nothing on. */
function isNotServed(error: unknown): boolean {
	return error instanceof SegmindError && [404, 405].includes(error.details.httpStatus ?? 0);
}

/** v2: the answer comes at once and names the job. */
async function submitQueued(run: Run, { model, deadline }: Order, request: MotionRequest): Promise<Submitted> {
	const answer = await repeat(run, { deadline }, () =>
		run.gate.pass(run, deadline, true, () => run.client.post(routes.submit(model), request)),
	);
	const body = jsonObject(answer.text);
	const requestId = requestIdOf(body);
	if (!requestId) throw unreadableError('submit', answer, 'names no request ID');
	return { requestId };
}

/** v1: the answer comes when the video is made, as bytes or as JSON. */
async function submitBlocking(run: Run, order: Order, request: MotionRequest): Promise<Submitted> {
	const { model, deadline, blockingTime } = order;
	const reply = await repeat(run, { deadline }, () =>
		run.gate.pass(run, deadline, false, () => run.client.postAndWait(routes.blocking(model), request, blockingTime)),
	);
	const named = reply.headers['x-request-id'];
	const job = { requestId: isRequestId(named) ? named : undefined };
	const outcome = await settle(async () =>
		(await isText(run, reply.body))
			? await readFinished(run, reply, job.requestId)
			: await storeBytes(run, reply, order, job.requestId),
	);
	if ('value' in outcome) return outcome.value;
	throw paidFor(outcome.error, job);
}

/** Whether v1 answered with JSON (or a page) and not with bytes, whatever it calls them: the video is paid for. */
async function isText({ clock, limits }: Run, body: Readable): Promise<boolean> {
	const outcome = await settle(() => peek(clock, body, limits.stallTime));
	if ('error' in outcome) throw networkError('submit', faultInBody(outcome.error));
	return /^\s*[<{[]/.test(outcome.value.toString('latin1'));
}

async function storeBytes(run: Run, reply: Reply, order: Order, requestId?: string): Promise<Submitted> {
	const naming = { wanted: order.fileName, requestId };
	const binary = await storeVideo('submit', run, reply, naming);
	return { ...(requestId && { requestId }), finished: { metrics: metricsFromHeaders(reply.headers) }, binary };
}

async function readFinished(run: Run, reply: Reply, named?: string): Promise<Submitted> {
	const answer = await run.client.read('submit', reply);
	const body = jsonObject(answer.text);
	const state = jobState(body);
	if (state?.status === 'FAILED') throw failedError(state.error, answer.status);
	const requestId = requestIdOf(body) ?? named;
	const job = { requestId };
	if (!videoOf(body)) throw withJob(unreadableError('submit', answer, 'names no video'), job);
	const metrics: Metrics = { ...metricsFromHeaders(answer.headers), ...metricsOf(body) };
	return { ...(requestId && { requestId }), finished: { ...finishedJob(answer), metrics } };
}

/** An error after v1 answered with a success: the video was made, so the POST must not be sent again. */
function paidFor(error: unknown, job: { requestId?: string }): SegmindError {
	const named = withJob(error, job);
	if (named.kind === 'failed') return named;
	return new SegmindError(named.kind, named.message, { ...named.details, mayBeAccepted: true });
}

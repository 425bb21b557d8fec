import { NodeApiError, NodeOperationError, type IExecuteFunctions, type INode } from 'n8n-workflow';

import { endOfRun, errorItem, isStop } from '../../../nodes/KlingMotionControl/failures';
import type { Purchases } from '../../../nodes/KlingMotionControl/jobs/purchase';
import type { FailedItem } from '../../../nodes/KlingMotionControl/operations/operation';
import {
	doubtError,
	failedError,
	noVideoError,
	stoppedError,
	timeoutError,
} from '../../../nodes/KlingMotionControl/segmind/endings';
import { answerError, networkError } from '../../../nodes/KlingMotionControl/segmind/faults';
import { SegmindError } from '../../../nodes/KlingMotionControl/segmind/segmindError';

const ID = '8f14e45f';
const URL = 'https://images.segmind.test/a.mp4';
const FETCHES = 'Get Video fetches a video for free by its request ID.';
const LIES = "A video's URL works for 7 days.";
const RETRY = 'choose Retry with currently saved workflow in Executions.';
const AGAIN = `Don't execute the step again, that buys the video again: ${RETRY}`;
const OTHERS = `Don't execute the step again, that buys the other items again: ${RETRY}`;
const TIMEOUT = timeoutError(1, 'QUEUED');
const TIMED_OUT = 'The video was not ready after 1 minute (QUEUED)';
const WORKING = 'Segmind is still working on it.';
const LOOK = "Look at the Generations page in Segmind's console before you run this again.";

const NODE: INode = { id: 'b', name: 'n', type: 't', typeVersion: 1, position: [0, 0], parameters: {} };

type Known = ReturnType<Purchases['ofThisRun']>;

const contextOf = (node: Partial<INode> = {}) =>
	({ getNode: () => ({ ...NODE, ...node }) }) as unknown as IExecuteFunctions;
const purchasesOf = (known: Known) =>
	({
		ofThisRun: (item?: number) => known.filter(({ itemIndex }) => item === undefined || itemIndex === item),
	}) as unknown as Purchases;

/** The error that ends a run with these failures. */
function endOf(failures: Array<[itemIndex: number, error: unknown]>, known: Known = [], node: Partial<INode> = {}) {
	const all = failures.map(([itemIndex, error]): FailedItem => ({ itemIndex, error }));
	return endOfRun(contextOf(node), all, purchasesOf(known));
}

/** The item of a failure, where the node continues on fail. */
function itemOf(error: unknown, known: Known = [], onError: INode['onError'] = 'continueRegularOutput') {
	return errorItem(contextOf({ onError }), { error, itemIndex: 2 }, purchasesOf(known));
}

describe('the request behind an error', () => {
	it.each<[job: { requestId?: string; videoUrl?: string }, names: string, advice: string, list: string]>([
		[{ requestId: ID }, ` [request ${ID}]`, ` ${FETCHES}`, ` Paid requests: item 0: ${ID}.`],
		[{ videoUrl: URL }, ` [video ${URL}]`, ` ${LIES}`, ` Paid videos, available for 7 days: item 0: ${URL}.`],
		[
			{ requestId: ID, videoUrl: URL },
			` [request ${ID}, video ${URL}]`,
			` ${FETCHES} ${LIES}`,
			` Paid requests: item 0: ${ID} (${URL}).`,
		],
		[{ requestId: ID, videoUrl: 'file:///x' }, ` [request ${ID}]`, ` ${FETCHES}`, ` Paid requests: item 0: ${ID}.`],
		[
			{ requestId: ID, videoUrl: 'https://user:secret@a.test/' },
			` [request ${ID}]`,
			` ${FETCHES}`,
			` Paid requests: item 0: ${ID}.`,
		],
		[{ videoUrl: 'file:///x' }, '', '', ''],
		[{}, '', '', ''],
	])('%j', (job, names, advice, list) => {
		const error = endOf([[0, TIMEOUT.with(job)]]);
		expect(error.message).toBe(TIMED_OUT);
		// a list of videos says itself how long they are there
		const said = job.requestId ? advice : '';
		expect(error.description).toBe(`${WORKING}${said}${list}`);
		expect(itemOf(TIMEOUT.with(job)).json).toEqual({
			error: `${TIMED_OUT}${names}`,
			...(job.requestId && { request_id: job.requestId }),
			status: 'QUEUED',
		});
		const onOutput = itemOf(TIMEOUT.with(job), [], 'continueErrorOutput').error;
		expect(onOutput).toMatchObject({ message: `${TIMED_OUT}${names}`, description: `${WORKING}${advice}` });
	});

	it('is that of the purchase of the item, where the error names none', () => {
		const known = [
			{ itemIndex: 0, requestId: 'other' },
			{ itemIndex: 2, requestId: ID },
		];
		expect(itemOf(TIMEOUT, known).json).toEqual({
			error: `${TIMED_OUT} [request ${ID}]`,
			request_id: ID,
			status: 'QUEUED',
		});
		const error = endOf([[2, TIMEOUT]], known);
		expect(error.message).toBe(TIMED_OUT);
		expect(error.description).toBe(`${WORKING} ${OTHERS} ${FETCHES} Paid requests: item 0: other, item 2: ${ID}.`);
	});

	it('is named once', () => {
		const known = [{ itemIndex: 2, requestId: 'another' }];
		expect(itemOf(TIMEOUT.with({ requestId: ID }), known).json.error).toBe(`${TIMED_OUT} [request ${ID}]`);
		const error = endOf([[2, TIMEOUT.with({ requestId: ID })]], [{ itemIndex: 2, requestId: ID }]);
		expect(error.message).toBe(TIMED_OUT);
		expect(error.description).toBe(`${WORKING} ${AGAIN} ${FETCHES} Paid requests: item 2: ${ID}.`);
	});

	it('is not to be retried by a model, nor after a stop', () => {
		const known = [{ itemIndex: 0, requestId: ID }];
		const asTool = endOf([[0, TIMEOUT]], known, { type: 'n8n-nodes-segmind.klingMotionControlTool' });
		expect(asTool.description).toBe(`${WORKING} ${FETCHES} Paid requests: item 0: ${ID}.`);
		expect(endOf([[0, stoppedError('yes')]], known).description).not.toContain('Retry');
	});

	it('does not send anybody to Get Video for a failed job', () => {
		const failed = failedError('no person', 422);
		const error = endOf([[0, failed.with({ requestId: ID })]]);
		expect(error.message).toBe('Segmind could not make the video: no person');
		expect(error.description).toBe(`${failed.details.description} Failed requests, not charged: item 0: ${ID}.`);
		expect(itemOf(failed.with({ requestId: ID })).json).toEqual({
			error: `${error.message} [request ${ID}]`,
			request_id: ID,
			status: 'FAILED',
			http_status: 422,
		});
	});

	it.each<[string, SegmindError, string]>([
		[
			'that Segmind does not know',
			answerError('poll', { status: 404, headers: {}, text: '' }),
			'that Segmind does not know',
		],
		['without a video', noVideoError(200, 'names no video'), 'without a video'],
	])('does not send anybody to Get Video for a request %s', (_what, error, heading) => {
		const { description } = endOf([[0, error.with({ requestId: ID })]]);
		expect(description).toBe(`${error.details.description} Requests ${heading}: item 0: ${ID}.`);
		const onOutput = itemOf(error.with({ requestId: ID }), [], 'continueErrorOutput').error;
		expect(onOutput?.description).toBe(error.details.description);
	});

	it('is named for an unexpected error, without what that says', () => {
		const known = [{ itemIndex: 2, requestId: ID }];
		const error = endOf([[2, new TypeError('secret')]], known);
		expect(error.message).toBe('The node ran into an unexpected error (TypeError)');
		expect(error.description).toBe(
			`Please report it, with the steps that led to it. ${AGAIN} ${FETCHES} Paid requests: item 2: ${ID}.`,
		);
		expect(itemOf(new TypeError('secret'), known).json).toEqual({
			error: `${error.message} [request ${ID}]`,
			request_id: ID,
		});
	});
});

describe('the item of an error', () => {
	const missing = new NodeOperationError(NODE, 'The item has no field “image”');

	it.each<[unknown, object]>([
		[answerError('submit', { status: 400, headers: {}, text: '' }), { http_status: 400 }],
		[noVideoError(200, 'names no video'), { status: 'COMPLETED' }],
		[doubtError({ message: 'Segmind broke', httpStatus: 500 }), { http_status: 500 }],
		[missing, {}],
		['secret', {}],
	])('has the facts that are known: %s', (error, facts) => {
		const { json, pairedItem } = itemOf(error);
		const { error: message, ...others } = json;
		expect(typeof message).toBe('string');
		expect(message).not.toContain('secret');
		expect(others).toEqual(facts);
		expect(pairedItem).toEqual({ item: 2 });
	});

	it("keeps n8n's own words", () => expect(itemOf(missing).json.error).toBe('The item has no field “image”'));

	it('has the facts as details on the error output, and the error itself where no copy goes', () => {
		const error = TIMEOUT.with({ requestId: ID });
		const item = itemOf(error, [], 'continueErrorOutput');
		expect(Object.keys(item)).toEqual(['json', 'pairedItem']);
		expect(item.json).toEqual({
			error: `${TIMED_OUT} [request ${ID}]`,
			details: { request_id: ID, status: 'QUEUED' },
		});
		expect(item.error).toBeInstanceOf(NodeOperationError);
		expect(item.error).toMatchObject({
			message: `${TIMED_OUT} [request ${ID}]`,
			description: `${WORKING} ${FETCHES}`,
			context: { itemIndex: 2 },
		});
		expect(JSON.parse(JSON.stringify(item))).toEqual({ json: item.json, pairedItem: { item: 2 } });
	});
});

describe('the end of a run', () => {
	const refused = answerError('submit', { status: 400, headers: {}, text: '{"error":"because"}' });
	const REFUSED = 'Segmind rejected the request as invalid: because';
	const DO = 'Check the parameters of the node. This item was not charged.';

	it('is the error of the first item that failed, and tells of the others', () => {
		const error = endOf([
			[5, new TypeError('secret')],
			[3, TIMEOUT],
			[1, refused],
			[4, new NodeOperationError(NODE, 'No field.')],
		]);
		expect(error).toBeInstanceOf(NodeApiError);
		expect(error).toMatchObject({ message: REFUSED, httpCode: '400', context: { itemIndex: 1 } });
		expect(error.description).toBe(
			`${DO} Item 3 failed too: ${TIMED_OUT}. Item 4 failed too: No field. Item 5 failed too: The node ran into an unexpected error (TypeError).`,
		);
	});

	it('gives each reason once, the lowest item first', () => {
		const error = endOf([
			[12, TIMEOUT],
			[9, refused],
			[7, TIMEOUT],
			[2, refused],
			[8, refused],
			[3, new NodeOperationError(NODE, 'No field.')],
		]);
		expect(error).toMatchObject({ message: REFUSED, context: { itemIndex: 2 } });
		expect(error.description).toBe(
			`${DO} Items 8 and 9 failed for the same reason. Item 3 failed too: No field. Items 7 and 12 failed too: ${TIMED_OUT}.`,
		);
	});

	it('gives ten items and ten reasons at most', () => {
		const same = endOf(Array.from({ length: 14 }, (_, index) => [index, refused]));
		expect(same.description).toBe(`${DO} Items 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 3 more failed for the same reason.`);
		const unlike = endOf(
			Array.from({ length: 14 }, (_, index) => [index, new NodeOperationError(NODE, `No ${index}`)]),
		);
		expect(unlike.description).toMatch(
			/^Item 1 failed too: No 1\. .* Item 10 failed too: No 10\. Others failed for 3 more reasons\.$/,
		);
	});

	it('takes a time that grows with the number of items, not with its square', () => {
		let asked = 0;
		const known = Array.from({ length: 5_000 }, (_, itemIndex) => ({ itemIndex, requestId: `id-${itemIndex}` }));
		const purchases = { ofThisRun: () => (asked++, known) };
		const failures = known.map(({ itemIndex }) => ({ itemIndex, error: TIMEOUT }));
		endOfRun(contextOf(), failures, purchases);
		expect(asked).toBe(1);
	});

	it('passes over items that only ended since the run did, unless they may be paid for', () => {
		const error = endOf([
			[0, stoppedError()],
			[1, stoppedError('maybe')],
			[2, refused],
			[3, stoppedError('yes', 'QUEUED')],
		]);
		expect(error).toMatchObject({ message: REFUSED, context: { itemIndex: 2 } });
		expect(error.description).toBe(
			`${DO} Item 1 failed too: Stopped before the video was ready. The request may have been accepted and charged.`,
		);
	});

	it('is a stop where there is nothing else', () => {
		const stopped = 'Stopped before the video was ready';
		expect(endOf([])).toMatchObject({ message: stopped, context: { itemIndex: 0 } });
		const error = endOf([
			[7, stoppedError()],
			[4, stoppedError('yes', 'QUEUED')],
		]);
		expect(error).toMatchObject({ message: stopped, context: { itemIndex: 4 } });
	});

	it.each<[string, Known, boolean]>([
		['a POST whose answer is not known', [{ itemIndex: 0 }], true],
		['a request that is known by its id', [{ itemIndex: 1, requestId: ID }], false],
		['a video without an id', [{ itemIndex: 1, finished: { metrics: {} } }], false],
		['nothing', [], false],
	])('says of a stop what it may have bought: %s', (_what, known, isDoubtful) => {
		const doubt = isDoubtful ? '. The request may have been accepted and charged' : '';
		expect(endOf([[0, stoppedError()]], known).message).toBe(`Stopped before the video was ready${doubt}`);
		expect(endOf([[0, stoppedError('maybe')]], known).message).toBe(
			'Stopped before the video was ready. The request may have been accepted and charged',
		);
		expect(endOf([[0, refused]], known).message).toMatch(REFUSED);
	});

	it('names what the others paid for, in their order', () => {
		const known = [
			{ itemIndex: 10, requestId: 'ten' },
			{ itemIndex: 2, requestId: 'two' },
			{ itemIndex: 3 },
			{ itemIndex: 0, requestId: ID },
		];
		const error = endOf([[0, TIMEOUT.with({ requestId: ID })]], known);
		expect(error.description).toBe(
			`${WORKING} The request may have been accepted and charged: item 3. ${LOOK} ${OTHERS} ${FETCHES} Paid requests: item 0: ${ID}, item 2: two, item 10: ten.`,
		);
	});

	it('does not say that a reused request would be bought again', () => {
		const known = [{ itemIndex: 1, requestId: ID, reused: true as const }];
		const { description } = endOf(
			[[0, new SegmindError('input', 'Prompt is empty', { description: DO, accepted: 'no' })]],
			known,
		);
		expect(description).toBe(`${DO} ${FETCHES} Paid requests: item 1: ${ID}.`);
	});

	it('says once where to look, where another item is in doubt, too', () => {
		const error = endOf([[0, doubtError({ message: 'Segmind broke', httpStatus: 500 })]], [{ itemIndex: 1 }]);
		expect(error.description?.split(LOOK)).toHaveLength(2);
		expect(error.description).toContain('The request may have been accepted and charged: item 1.');
	});

	it.each([
		[10, ''],
		[11, ' and 1 more'],
		[25, ' and 15 more'],
	])('names ten of %d requests', (count, more) => {
		const known = Array.from({ length: count }, (_, index) => ({ itemIndex: index + 1, requestId: `id-${index + 1}` }));
		const named = known.slice(0, 10).map(({ itemIndex, requestId }) => `item ${itemIndex}: ${requestId}`);
		expect(endOf([[0, refused]], known).description).toBe(
			`${DO} ${OTHERS} ${FETCHES} Paid requests: ${named.join(', ')}${more}.`,
		);
	});

	it("names them beside n8n's own error, too, which keeps its words", () => {
		const own = new NodeOperationError(NODE, 'No field', { description: 'Look at it' });
		const error = endOf([[3, own]], [{ itemIndex: 3, requestId: ID }]);
		expect(error).toBe(own);
		expect(error).toMatchObject({
			message: 'No field',
			description: `Look at it ${AGAIN} ${FETCHES} Paid requests: item 3: ${ID}.`,
			context: { itemIndex: 3 },
		});
	});
});

it.each<[unknown, boolean]>([
	[stoppedError(), true],
	[stoppedError('maybe', 'QUEUED'), true],
	[TIMEOUT, false],
	[networkError('submit', { code: 'ERR_CANCELED' }), false],
	[new Error('stopped'), false],
	['stopped', false],
])('%s is a stop: %p', (error, expected) => expect(isStop(error)).toBe(expected));

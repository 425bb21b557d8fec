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

const ID = '8f14e45f';
const URL = 'https://images.segmind.test/a.mp4';
const FETCHES = `Get Video with the request ID ${ID} fetches the video for free.`;
const LIES = `The video is at ${URL} for 7 days.`;
const TIMEOUT = timeoutError(1, 'QUEUED');
const TIMED_OUT = 'The video was not ready after 1 minutes (QUEUED)';
const WORKING = 'Segmind is still working on it.';
const LOOK = "Look at the Generations page in Segmind's console before you run this again.";

const NODE: INode = { id: 'b', name: 'n', type: 't', typeVersion: 1, position: [0, 0], parameters: {} };

type Known = ReturnType<Purchases['ofThisRun']>;

const contextOf = (node: Partial<INode> = {}) =>
	({ getNode: () => ({ ...NODE, ...node }) }) as unknown as IExecuteFunctions;
const purchasesOf = (known: Known) => ({ ofThisRun: () => [...known] }) as unknown as Purchases;

/** The error that ends a run with these failures. */
function endOf(failures: Array<[itemIndex: number, error: unknown]>, known: Known = []) {
	const all = failures.map(([itemIndex, error]): FailedItem => ({ itemIndex, error }));
	return endOfRun(contextOf(), all, purchasesOf(known));
}

/** The item of a failure, where the node continues on fail. */
function itemOf(error: unknown, known: Known = [], onError: INode['onError'] = 'continueRegularOutput') {
	return errorItem(contextOf({ onError }), { error, itemIndex: 2 }, purchasesOf(known));
}

describe('the request behind an error', () => {
	it.each<[{ requestId?: string; videoUrl?: string }, string, string]>([
		[{ requestId: ID }, ` [request ${ID}]`, ` ${FETCHES}`],
		[{ videoUrl: URL }, ` [video ${URL}]`, ` ${LIES}`],
		[{ requestId: ID, videoUrl: URL }, ` [request ${ID}, video ${URL}]`, ` ${FETCHES} ${LIES}`],
		[{ requestId: ID, videoUrl: 'file:///x' }, ` [request ${ID}]`, ` ${FETCHES}`],
		[{ requestId: ID, videoUrl: 'https://user:secret@a.test/' }, ` [request ${ID}]`, ` ${FETCHES}`],
		[{ videoUrl: 'file:///x' }, '', ''],
		[{}, '', ''],
	])('%j', (job, names, advice) => {
		const error = endOf([[0, TIMEOUT.with(job)]]);
		expect(error.message).toBe(`${TIMED_OUT}${names}`);
		expect(error.description).toBe(`${WORKING}${advice}`);
		expect(itemOf(TIMEOUT.with(job)).json).toEqual({
			error: `${TIMED_OUT}${names}`,
			...(job.requestId && { request_id: job.requestId }),
			status: 'QUEUED',
		});
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
		expect(error.message).toBe(`${TIMED_OUT} [request ${ID}]`);
		expect(error.description).toBe(`${WORKING} ${FETCHES} Paid requests, which Get Video fetches: item 0: other.`);
	});

	it('is named once, as the error has it', () => {
		const known = [{ itemIndex: 2, requestId: 'another' }];
		expect(itemOf(TIMEOUT.with({ requestId: ID }), known).json.error).toBe(`${TIMED_OUT} [request ${ID}]`);
		const error = endOf([[2, TIMEOUT.with({ requestId: ID })]], [{ itemIndex: 2, requestId: ID }]);
		expect(error.message).toBe(`${TIMED_OUT} [request ${ID}]`);
		expect(error.description).toBe(`${WORKING} ${FETCHES}`);
	});

	it('does not send anybody to Get Video for a failed job', () => {
		const failed = failedError('no person', 422);
		const error = endOf([[0, failed.with({ requestId: ID })]]);
		expect(error.message).toBe(`Segmind could not make the video: no person [request ${ID}]`);
		expect(error.description).toBe(failed.details.description);
		expect(itemOf(failed.with({ requestId: ID })).json).toEqual({
			error: error.message,
			request_id: ID,
			status: 'FAILED',
			http_status: 422,
		});
	});

	it('is named for an unexpected error, without what that says', () => {
		const known = [{ itemIndex: 2, requestId: ID }];
		const error = endOf([[2, new TypeError('secret')]], known);
		expect(error.message).toBe(`The node ran into an unexpected error (TypeError) [request ${ID}]`);
		expect(error.description).toBe(`Please report it with the steps that lead to it. ${FETCHES}`);
		expect(itemOf(new TypeError('secret'), known).json).toEqual({ error: error.message, request_id: ID });
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
	const REFUSED = 'Segmind rejected the request as not valid: because';
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

	it('passes over items that only ended since the run did, unless they may be paid for', () => {
		const error = endOf([
			[0, stoppedError()],
			[1, stoppedError('maybe')],
			[2, refused],
			[3, stoppedError('yes', 'QUEUED')],
		]);
		expect(error).toMatchObject({ message: REFUSED, context: { itemIndex: 2 } });
		expect(error.description).toBe(
			`${DO} Item 1 failed too: Stopped before the video was there. The request may have been accepted and charged.`,
		);
	});

	it('is a stop where there is nothing else', () => {
		const stopped = 'Stopped before the video was there';
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
		expect(endOf([[0, stoppedError()]], known).message).toBe(`Stopped before the video was there${doubt}`);
		expect(endOf([[0, stoppedError('maybe')]], known).message).toBe(
			'Stopped before the video was there. The request may have been accepted and charged',
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
			`${WORKING} ${FETCHES} The request may have been accepted and charged: item 3. ${LOOK} Paid requests, which Get Video fetches: item 2: two, item 10: ten.`,
		);
	});

	it.each([
		[10, ''],
		[11, ' and 1 more'],
		[25, ' and 15 more'],
	])('names ten of %d requests', (count, more) => {
		const known = Array.from({ length: count }, (_, index) => ({ itemIndex: index + 1, requestId: `id-${index + 1}` }));
		const named = known.slice(0, 10).map(({ itemIndex, requestId }) => `item ${itemIndex}: ${requestId}`);
		expect(endOf([[0, refused]], known).description).toBe(
			`${DO} Paid requests, which Get Video fetches: ${named.join(', ')}${more}.`,
		);
	});

	it("names them beside n8n's own error, too, which keeps its words", () => {
		const own = new NodeOperationError(NODE, 'No field', { description: 'Look at it' });
		const error = endOf([[3, own]], [{ itemIndex: 3, requestId: ID }]);
		expect(error).toBe(own);
		expect(error).toMatchObject({
			message: 'No field',
			description: `Look at it Paid requests, which Get Video fetches: item 3: ${ID}.`,
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

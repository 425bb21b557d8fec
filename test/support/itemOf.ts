import { Readable } from 'node:stream';

import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

import { ItemInput } from '../../nodes/KlingMotionControl/parameters/itemInput';
import { SegmindError } from '../../nodes/KlingMotionControl/segmind/segmindError';

/** What an item holds. */
interface Given {
	/** The item's parameters; a getter that throws is an expression that fails. */
	parameters?: object;
	/** Its binary fields. */
	binary?: Record<string, IBinaryData>;
	/** The files of n8n's binary store by their ids: bytes, or the error that reading them meets. */
	stored?: Record<string, Buffer | Error>;
	index?: number;
}

/** An item of the node's input without n8n, what it read from the binary store, and the hints that it showed. */
export function itemOf({ parameters = {}, binary = {}, stored = {}, index = 0 }: Given) {
	const reads: string[] = [];
	const hints: string[] = [];
	const progress = { warn: (itemIndex: number, message: string) => void hints.push(`${itemIndex}: ${message}`) };
	const context = {
		getNode: () => ({ id: 'b', name: 'n', type: 't', typeVersion: 1, position: [0, 0], parameters: {} }),
		getNodeParameter: (name: string, _itemIndex: number, fallback?: unknown) =>
			(parameters as Record<string, unknown>)[name] ?? fallback,
		getInputData: () => Array.from({ length: index + 1 }, () => ({ json: {}, binary })),
		getTimezone: () => 'Europe/Berlin',
		helpers: {
			getBinaryStream: async (id: string) => {
				reads.push(id);
				const content = stored[id];
				if (!Buffer.isBuffer(content)) throw content ?? new Error('gone');
				return Readable.from([content]);
			},
		},
	} as unknown as IExecuteFunctions;
	return { item: new ItemInput(context, index, progress), context, progress, reads, hints };
}

/** The error that refuses what the work reads; nothing else may come of it. */
export async function refusal(work: () => unknown): Promise<SegmindError> {
	const error: unknown = await Promise.resolve()
		.then(work)
		.then(
			(value) => new Error(`was not refused: ${JSON.stringify(value)}`),
			(reason: unknown) => reason,
		);
	if (error instanceof SegmindError && error.kind === 'input') return error;
	throw error;
}

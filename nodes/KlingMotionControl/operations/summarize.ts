import type { INodeExecutionData } from 'n8n-workflow';

import { enumerated } from '../jobs/progress';
import { isRecord } from '../segmind/json';

/** What the videos of a run cost, and which items an earlier request served. */
export function summarize(items: readonly INodeExecutionData[]): string[] {
	const costs = items.flatMap(({ json: { metrics, reused } }) => {
		const cost = isRecord(metrics) && !reused ? metrics.cost : undefined;
		return typeof cost === 'number' ? [cost] : [];
	});
	const sum = costs.reduce((total, cost) => total + cost, 0);
	const videos = costs.length === 1 ? '1 video' : `${costs.length} videos`;
	return [
		...(costs.length > 0 ? [`${videos} cost $${sum.toFixed(2)}.`] : []),
		...sentence(items, 'resumed', 'continued a request that was already paid for'),
		...sentence(items, 'reused', 'reused an earlier request, which is free'),
	];
}

function sentence(items: readonly INodeExecutionData[], fact: 'resumed' | 'reused', what: string): string[] {
	const numbers = items.flatMap(({ json, pairedItem }) =>
		json[fact] && isRecord(pairedItem) ? [Number(pairedItem.item)] : [],
	);
	if (numbers.length === 0) return [];
	return [
		`${numbers.length === 1 ? 'Item' : 'Items'} ${enumerated(numbers)} ${numbers.length === 1 ? '' : 'each '}${what}.`,
	];
}

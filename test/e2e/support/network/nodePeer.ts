import type { INodeType } from 'n8n-workflow';

import { KEY, VIDEO } from '../../../support/fakeSegmind/service';
import { bytesOf, loadNode, runWorkflow } from '../../../support/inProcessN8n';
import { SAMPLE } from '../../../support/parameters';
import type { Failure, NodeEvent, NodeOrder } from './events';
import { READY } from './namespace';

const RETRY = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };

/** Who waits to make the next try. */
const waiting = new Map<string, () => void>();

/** The built package in n8n's own engine, in this process's network namespace. A try that failed waits for leave to go on. */
process.on('message', (order: NodeOrder) => {
	if ('goOn' in order) waiting.get(order.id)?.();
	else void execute(order);
});
void loadNode().then(() => process.send?.(READY));

async function execute({ id, options, ...urls }: Exclude<NodeOrder, { goOn: true }>): Promise<void> {
	const { description, execute: tryOnce } = await loadNode();
	const nodeType: INodeType = {
		description,
		async execute() {
			const items = await tryOnce?.call(this).catch(async (error: Failure) => {
				const leave = new Promise<void>((resolve) => waiting.set(id, resolve));
				tell({ id, failed: failureOf(error) });
				await leave;
				throw error;
			});
			return items ?? null;
		},
	};
	const { error, items } = await runWorkflow({
		nodeType,
		parameters: { ...SAMPLE, options },
		credential: { apiKey: KEY, historyUrl: '', ...urls },
		settings: RETRY,
	});
	const [item] = items;
	const whole = Boolean(item?.binary?.data) && (await bytesOf(item)).equals(VIDEO);
	tell({ id, ended: { error: error && failureOf(error), items: items.map(({ json }) => json), whole } });
}

function failureOf({ message, description }: Failure): Failure {
	return { message, ...(description && { description }) };
}

function tell(event: NodeEvent): void {
	process.send?.(event);
}

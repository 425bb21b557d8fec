import { createHash } from 'crypto';

import type { Order } from './order';

/** The key of a purchase in the ledger: the run, the item and a hash of the order. A file counts by its content, never by the URL of its upload. */
export function keyOf(runIndex: number, itemIndex: number, { model, body, files }: Order): string {
	const content = [model, body, files.image?.hash, files.video?.hash];
	const hash = createHash('sha256').update(JSON.stringify(content)).digest('hex');
	return `${runIndex}:${itemIndex}:${hash}`;
}

/** The item of a key. */
export function itemIn(key: string): number {
	return Number(key.split(':')[1]);
}

/** The run and the item of a key. */
export function placeIn(key: string): string {
	return key.slice(0, key.lastIndexOf(':'));
}

/** The hash of the order: equal orders have the same. */
export function hashIn(key: string): string | undefined {
	return key.split(':').at(-1);
}

import { createHash } from 'crypto';

import type { Order } from './order';

/** The key of a purchase in the ledger: its place and a hash of the order. A file counts by its content, never by the URL of its upload. */
export function keyOf(place: string, { model, body, files }: Order): string {
	const content = [model, body, files.image?.hash, files.video?.hash];
	const hash = createHash('sha256').update(JSON.stringify(content)).digest('hex');
	return `${place}:${hash}`;
}

/** The place of a purchase: the run and the item. */
export function placeOf(runIndex: number, itemIndex: number): string {
	return `${runIndex}:${itemIndex}`;
}

/** The item of a key. */
export function itemIn(key: string): number {
	return Number(key.split(':')[1]);
}

/** The place in a key. */
export function placeIn(key: string): string {
	return key.slice(0, key.lastIndexOf(':'));
}

/** The hash of the order: equal orders have the same. */
export function hashIn(key: string): string | undefined {
	return key.split(':').at(-1);
}

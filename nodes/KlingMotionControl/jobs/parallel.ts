/** Works on items in their order, on at most so many at the same time, until all are done or the work is over. */
export async function inParallel<T>(
	items: readonly T[],
	concurrency: number,
	work: (item: T) => Promise<void>,
	isOver: () => boolean = () => false,
): Promise<void> {
	let next = 0;
	const worker = async () => {
		while (next < items.length && !isOver()) await work(items[next++]);
	};
	await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, worker));
}

import type { Order, ReferenceName } from '../jobs/order';
import { inParallel } from '../jobs/parallel';
import { settle } from '../jobs/repeat';
import { concerns } from '../media/limits';
import { invalid } from '../parameters/invalid';
import { REFERENCE_LABELS } from '../parameters/reference';
import type { FailedItem, ReadItem, Run } from './operation';

/** How many URLs are looked at side by side. */
const CONCURRENCY = 10;
const TODO =
	'Use a URL that anyone can download the file from, or File From Previous Node. To skip this check, turn off Check URLs.';

/**
 * Looks at the references of orders, as far as that costs nothing.
 * @returns the items whose references are no use
 */
export async function checkOrders(
	run: Run,
	items: ReadonlyArray<ReadItem<{ order: Order; options: { checkUrls: boolean } }>>,
): Promise<FailedItem[]> {
	const failed: FailedItem[] = [];
	const wanted = items.filter(({ input }) => input.options.checkUrls);
	await inParallel(
		wanted,
		CONCURRENCY,
		async ({ itemIndex, input }) => {
			const outcome = await settle(async () => await checkOrder(run, itemIndex, input.order));
			if ('error' in outcome) failed.push({ itemIndex, error: outcome.error });
		},
		() => run.clock.isStopped,
	);
	return failed.sort((a, b) => a.itemIndex - b.itemIndex);
}

async function checkOrder(run: Run, itemIndex: number, { body }: Order): Promise<void> {
	const { image_url: image, video_url: video, character_orientation: orientation } = body;
	if (image || video) run.progress.tell(itemIndex, 'checking its URLs');
	const check = async (name: ReferenceName, url: string | undefined) => {
		if (!url) return;
		const { problem, facts } = await run.urlChecks.check(url, name);
		if (problem) throw invalid(`${REFERENCE_LABELS[name]} URL`, problem, TODO);
		for (const concern of facts ? concerns(facts, name, orientation) : []) run.progress.warn(itemIndex, concern);
	};
	await Promise.all([check('image', image), check('video', video)]);
}

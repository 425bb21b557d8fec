import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { repeat } from '../jobs/repeat';
import type { Run } from '../jobs/run';
import { routes } from '../segmind/addresses';
import { unreadableError } from '../segmind/errors';
import { jsonObject } from '../segmind/response';

/** How long a balance is tried for, in ms. */
const TIME = 60_000;

/** One item of Get Credit Balance: the service's answer as it is. Costs nothing. @throws SegmindError */
export async function getCredits(run: Run, itemIndex: number): Promise<INodeExecutionData> {
	const json = await repeat(run, { deadline: run.clock.now() + TIME }, async () => {
		const answer = await run.client.get('credits', routes.credits);
		const body = jsonObject(answer.text);
		if (!body) throw unreadableError('credits', answer, 'is not what is documented');
		return body;
	});
	return { json: json as IDataObject, pairedItem: { item: itemIndex } };
}

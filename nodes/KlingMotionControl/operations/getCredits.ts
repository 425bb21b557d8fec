import type { IDataObject } from 'n8n-workflow';

import { repeat } from '../jobs/repeat';
import { unreadableError } from '../segmind/faults';
import { jsonObject } from '../segmind/json';
import { routes } from '../segmind/routes';
import type { Operation } from './operation';

/** How long a balance is tried for, in ms. */
const TIME = 60_000;

/** Get Credit Balance: the service's answer as it is. */
export const getCredits: Operation = {
	value: 'getCredits',
	name: 'Get Credit Balance',
	action: 'Get the credit balance',
	description: 'Get the remaining Segmind credits (free)',
	toolDescription: 'Tells how many Segmind credits are left. It is free.',
	fields: [],

	read: async () => await Promise.resolve({}),

	async execute(run, itemIndex) {
		const deadline = run.clock.now() + TIME;
		const ask = async () => await run.client.get('credits', routes.credits);
		const json = await repeat(run.clock, { deadline }, async () => {
			const answer = await run.pace.pass('due', deadline, ask);
			const body = jsonObject(answer.text);
			const isError = body?.error !== undefined && body.credits === undefined;
			if (!body || isError) throw unreadableError('credits', answer, 'has an unexpected format');
			return body;
		});
		return { json: json as IDataObject, pairedItem: { item: itemIndex } };
	},
};

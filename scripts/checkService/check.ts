import { randomUUID } from 'node:crypto';

import type { Model } from '../../nodes/KlingMotionControl/segmind/models';
import { SAMPLE, SAMPLE_BODY } from '../../test/support/parameters';
import { checkAccount } from './account';
import type { Finding } from './findings';
import { checkHistory } from './history';
import { checkHosts } from './hosts';
import { checkPurchase, withoutPurchase, type Purchase } from './purchase';
import { recordOf, type ServiceRecord } from './record';
import { checkRequests } from './requests';
import type { Service } from './service';
import { checkUpload } from './upload';

/** What no check can show, with or without a purchase. */
export const CANNOT_CHECK = [
	'Whether a 500, 502, 503 or 504 after a paid request means that nothing was taken on.',
	'What v1 answers with, bytes or JSON, and how long it holds a connection: that is another paid video.',
	'What a 402, 403, 406 or 410 says: that needs an account without credits or rights, or a retired model.',
	'How many requests a minute the plan allows, and, where no header tells, whether polls count.',
	'How late a row of the history may come: one video shows one case.',
	'Whether a request is forgotten after an hour and its URL after 7 days.',
	'Whether a failed request is charged, and what the balance is right after a video.',
	'The size limits of images, videos and uploads.',
	'What the history does with more than one page, where the account has fewer than 100 requests in 7 days.',
];

/** What a check found, and the record that the fake can replay. */
export interface Checked extends Purchase {
	record: ServiceRecord;
}

/**
 * Asks the service everything that is free.
 * @param mayBuy asked when the free part is done, with what it found: whether to buy one video
 */
export async function check(
	service: Service,
	mayBuy: (findings: readonly Finding[]) => Promise<boolean>,
): Promise<Checked> {
	const unknownId = randomUUID();
	const { findings, isKeyRefused } = await checkAccount(service);
	if (isKeyRefused) {
		const warning = 'Segmind does not accept this key, so nothing else was asked. Check SEGMIND_API_KEY first.';
		return { findings, warning, record: recordOf(service, unknownId) };
	}
	findings.push(...(await checkRequests(service, unknownId)));
	findings.push(...(await checkUpload(service)));
	findings.push(...(await checkHistory(service, unknownId)));
	const bought = (await mayBuy([...findings, ...checkHosts(service)]))
		? await checkPurchase(
				service,
				SAMPLE.model as Model,
				SAMPLE_BODY as typeof SAMPLE_BODY & { character_orientation: 'video' },
			)
		: { findings: withoutPurchase('nothing was bought') };
	return {
		...bought,
		findings: [...findings, ...bought.findings, ...checkHosts(service)],
		record: recordOf(service, unknownId),
	};
}

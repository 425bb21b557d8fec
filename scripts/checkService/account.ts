import { isRecord, parsed } from '../../nodes/KlingMotionControl/segmind/json';
import { reasonOfText } from '../../nodes/KlingMotionControl/segmind/reason';
import { routes } from '../../nodes/KlingMotionControl/segmind/routes';
import { Findings, type Finding } from './findings';
import type { Service } from './service';
import { shapeOf } from './shape';

/** What the service says of the balance, with a right key, a wrong one and none. */
export async function checkAccount(service: Service): Promise<{ findings: Finding[]; isKeyRefused: boolean }> {
	const findings = new Findings('Credits and key');
	const ask = async (key?: 'wrong' | 'none') =>
		await service.ask({ stage: 'credits', host: 'api', path: routes.credits, ...(key && { key }) });

	const balance = await ask();
	const fact = { fact: 'The balance', expected: '200, JSON with a number in `credits`', depends: true };
	findings.answer(fact, balance, (answer) => {
		const body = parsed(answer.text);
		const credits = isRecord(body) ? body.credits : undefined;
		const form = typeof credits === 'number' ? 'a number' : credits === undefined ? 'absent' : 'no number';
		return {
			seen: `${shapeOf(answer)}${answer.status === 200 ? `; \`credits\` is ${form}` : ''}`,
			ok: answer.status === 200 && typeof credits === 'number',
		};
	});
	if ('status' in balance && [401, 403].includes(balance.status)) return { findings: findings.all, isKeyRefused: true };

	findings.answer(
		{ fact: 'A wrong key', expected: '401, with a reason', depends: true },
		await ask('wrong'),
		({ status, text }) => {
			const reason = reasonOfText(text);
			const isMistaken = reason !== undefined && /missing/i.test(reason);
			const words =
				reason === undefined ? 'without a reason' : isMistaken ? 'the reason says “missing”' : 'with a reason';
			return {
				seen: `${shapeOf({ status, text })}; ${words}`,
				ok: status === 401 && reason !== undefined && !isMistaken,
			};
		},
	);
	findings.answer(
		{ fact: 'No key', expected: '401, and the reason says “missing”', depends: true },
		await ask('none'),
		({ status, text }) => {
			const isTold = /missing/i.test(reasonOfText(text) ?? '');
			return {
				seen: `${shapeOf({ status, text })}; the reason ${isTold ? 'says' : 'does not say'} “missing”`,
				ok: status === 401 && isTold,
			};
		},
	);
	return { findings: findings.all, isKeyRefused: false };
}

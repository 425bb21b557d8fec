import { jsonObject } from '../../nodes/KlingMotionControl/segmind/json';
import { MODELS, type Model } from '../../nodes/KlingMotionControl/segmind/models';
import { requestIdIn } from '../../nodes/KlingMotionControl/segmind/response';
import { routes } from '../../nodes/KlingMotionControl/segmind/routes';
import { verdictOn } from '../../nodes/KlingMotionControl/segmind/verdict';
import { Findings, type Finding } from './findings';
import type { Reply, Service } from './service';
import { shapeOf } from './shape';

const NO_MODEL = 'check-service-no-such-model';
const MODEL = Object.keys(MODELS)[0] as Model;

/**
 * The routes of models and of their requests, as far as they are free: unknown requests, an unknown model, and a GET where
 * a POST is due.
 * @param unknownId an id that no request has
 */
export async function checkRequests(service: Service, unknownId: string): Promise<Finding[]> {
	const findings = new Findings('Models and requests');
	for (const [name, path] of [
		['status', routes.status(unknownId)],
		['result', routes.result(unknownId)],
	] as const) {
		const reply = await service.ask({ stage: 'poll', host: 'api', path });
		findings.answer(
			{ fact: `The ${name} of an unknown request`, expected: '404, JSON with `error`', depends: true },
			reply,
			(answer) => ({
				seen: shapeOf(answer),
				ok: answer.status === 404,
			}),
		);
	}
	for (const version of ['v2', 'v1'] as const) {
		// an empty body: even a service that took it on could not make anything of it
		const reply = await service.ask({
			stage: 'submit',
			host: 'api',
			method: 'POST',
			path: `/${version}/${NO_MODEL}`,
			body: {},
		});
		findings.answer(
			{ fact: `An unknown model on ${version}`, expected: '404, and no request behind it', depends: true },
			reply,
			refusalOf,
		);
	}
	for (const [version, path] of [
		['v2', routes.submit(MODEL)],
		['v1', routes.blocking(MODEL)],
	] as const) {
		const reply = await service.ask({ stage: 'check', host: 'api', path });
		findings.answer(
			{ fact: `A GET of the model on ${version}`, expected: '405, an HTML page', depends: false },
			reply,
			(answer) => ({
				seen: shapeOf(answer),
				ok: answer.status === 405 && jsonObject(answer.text) === undefined,
			}),
		);
	}
	return findings.all;
}

function refusalOf(answer: Exclude<Reply, { fault: unknown }>) {
	const { status, text } = answer;
	const hasRequest = requestIdIn(text) !== undefined;
	const isProof = status >= 300 && verdictOn('submit', { came: 'answer', status, text }).accepted === 'no';
	return {
		seen: `${shapeOf(answer)}${hasRequest ? '; it names a request' : ''}`,
		ok: status === 404 && isProof && !hasRequest,
	};
}

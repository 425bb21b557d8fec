import { kindOf, START_BYTES } from '../../nodes/KlingMotionControl/media/kind';
import { historyRecord } from '../../nodes/KlingMotionControl/segmind/history';
import { otherForm } from '../../nodes/KlingMotionControl/segmind/ids';
import { jsonObject } from '../../nodes/KlingMotionControl/segmind/json';
import type { Model } from '../../nodes/KlingMotionControl/segmind/models';
import { finishedJob, jobState, requestIdIn } from '../../nodes/KlingMotionControl/segmind/response';
import { isMediaUrl, routes } from '../../nodes/KlingMotionControl/segmind/routes';
import type { MotionRequest, VideoFile } from '../../nodes/KlingMotionControl/segmind/types';
import { verdictOn } from '../../nodes/KlingMotionControl/segmind/verdict';
import { Findings, type Fact, type Finding, type Look } from './findings';
import { lookForRow, type Bought } from './boughtRow';
import { fetchFile, type Answered, type Reply, type Service } from './service';
import { each, formOfId, hostOf, shapeOf } from './shape';

const SECOND = 1_000;
const POLL_INTERVAL = 5 * SECOND;
const PATIENCE = 45 * 60 * SECOND;
const METRICS = ['cost', 'remaining_credits', 'inference_time', 'queue_time', 'total_time'] as const;
const LOOK_THERE = "Look at the Generations page in Segmind's console before you buy another.";

/** What a purchase comes to. */
export interface Purchase {
	findings: Finding[];
	/** The video's bytes, where it came. */
	video?: Buffer;
	/** What a person has to know, where it did not end well. */
	warning?: string;
}

/** What a purchase shows, in the order in which it does. */
const FACTS = {
	submit: { fact: 'The submit on v2', expected: '200, JSON with `request_id` and a known `status`', depends: true },
	late: { fact: 'When the history shows it', expected: 'within 90 s', depends: true },
	inputs: { fact: 'Its inputs in the history', expected: 'as they were sent', depends: true },
	time: { fact: 'Its time in the history', expected: 'that of the submit', depends: true },
	statuses: { fact: 'The answers to polls', expected: '200 with a known status, or 422 with FAILED', depends: true },
	end: { fact: 'How it ends', expected: 'COMPLETED', depends: false },
	result: { fact: 'The result', expected: "200, JSON with the video's URL", depends: true },
	metrics: { fact: 'Its metrics', expected: METRICS.join(', '), depends: false },
	video: {
		fact: "The video's URL, without the key",
		expected: '200, a whole video of the size that is told',
		depends: true,
	},
	record: { fact: 'Its record in the history', expected: "COMPLETED, with the video's URL", depends: true },
} as const satisfies Record<string, Omit<Fact, 'about'>>;

type Step = keyof typeof FACTS;

/** The findings about one purchase: a step that was not reached says why. */
class Steps {
	readonly findings = new Findings('One video');
	private readonly done = new Set<Step>();

	answer(step: Step, reply: Reply, look: (answer: Answered) => Look): boolean {
		this.done.add(step);
		return this.findings.answer(FACTS[step], reply, look);
	}

	check(step: Step, look: Look): boolean {
		this.done.add(step);
		return this.findings.check(FACTS[step], look);
	}

	/** All findings, the steps that are left included. */
	end(why: string): Finding[] {
		for (const step of Object.keys(FACTS) as Step[]) {
			if (!this.done.has(step)) this.findings.skip(FACTS[step], why);
		}
		return this.findings.all;
	}
}

/** The facts that only a purchase shows, where there was none. */
export function withoutPurchase(why: string): Finding[] {
	return new Steps().end(why);
}

/** Buys one video on v2 and follows it to its end. The one request that costs money is sent once, unless it was refused. */
export async function checkPurchase(service: Service, model: Model, body: MotionRequest): Promise<Purchase> {
	const steps = new Steps();
	const path = routes.submit(model);
	const reply = await service.ask({ stage: 'submit', host: 'api', method: 'POST', path, body });
	const requestId = 'fault' in reply ? undefined : requestIdIn(reply.text);
	steps.answer('submit', reply, (answer) => {
		const status = jobState(jsonObject(answer.text))?.status;
		return {
			seen: `${shapeOf(answer)}; ${status ?? 'no known status'}; ID: ${requestId ? formOfId(requestId) : 'none'}`,
			ok: answer.status === 200 && requestId !== undefined && status !== undefined,
		};
	});
	if (!requestId) {
		const isRefused = acceptanceOf(reply) === 'no';
		return {
			findings: steps.end(isRefused ? 'nothing was bought' : 'no ID to follow'),
			warning: isRefused ? 'Nothing was bought.' : `A video may have been bought. ${LOOK_THERE}`,
		};
	}
	service.tell('Bought. A video takes about 10 minutes.');
	const sentAt = service.exchanges.at(-1)?.sentAt ?? service.clock.now();
	const bought = { requestId, model, body, sentAt };
	await checkRow(service, steps, bought);
	return await follow(service, steps, bought);
}

function acceptanceOf(reply: Reply) {
	if ('fault' in reply) return verdictOn('submit', { came: 'fault', ...reply.fault }).accepted;
	const { status, text } = reply;
	const came = status >= 200 && status < 300 ? 'unreadable' : 'answer';
	return verdictOn('submit', { came, status, text }).accepted;
}

async function checkRow(service: Service, steps: Steps, bought: Bought): Promise<void> {
	const { late, inputs, time, form } = await lookForRow(service, bought);
	steps.check('late', late);
	if (inputs) steps.check('inputs', inputs);
	if (time) steps.check('time', time);
	steps.findings.learn('Its ID in the history', form, 'not there');
}

async function follow(service: Service, steps: Steps, { requestId, body }: Bought): Promise<Purchase> {
	const deadline = service.clock.now() + PATIENCE;
	const seen: string[] = [];
	let isKnown = true;
	let end: string | undefined;
	while (!end && service.clock.now() < deadline) {
		await service.clock.sleep(POLL_INTERVAL);
		const reply = await service.ask({ stage: 'poll', host: 'api', path: routes.status(requestId) });
		if ('fault' in reply || reply.status >= 500) continue;
		const state = jobState(jsonObject(reply.text));
		const took = reply.status === 200 || (reply.status === 422 && state?.status === 'FAILED');
		const words = `${reply.status} ${state?.status ?? 'without a known status'}`;
		if (words !== seen.at(-1)) service.tell(`A poll: ${words}`);
		seen.push(words);
		isKnown &&= state !== undefined && took;
		if (state?.status === 'COMPLETED' || state?.status === 'FAILED') end = state.status;
		if ([401, 403, 404].includes(reply.status)) end = `${reply.status}`;
	}
	steps.check('statuses', { seen: each(seen) || 'none', ok: isKnown && seen.length > 0 });
	await checkOtherForm(service, steps, requestId);
	const result = await service.ask({ stage: 'poll', host: 'api', path: routes.result(requestId) });
	if (end !== 'COMPLETED') {
		const how =
			end === 'FAILED' && 'text' in result ? `FAILED; the result answers ${shapeOf(result)}` : (end ?? 'not in time');
		steps.check('end', { seen: how, ok: false });
		const why = end === 'FAILED' ? 'the job failed, which is not charged' : 'the job did not end';
		return { findings: steps.end(why), ...(end !== 'FAILED' && { warning: `A video was bought. ${LOOK_THERE}` }) };
	}
	steps.check('end', { seen: end, ok: true });
	const video = checkResult(steps, result, body);
	if (!video) return { findings: steps.end('no URL'), warning: `A video was bought. ${LOOK_THERE}` };
	const bytes = await checkVideo(service, steps, video);
	await checkRecord(service, steps, requestId);
	return {
		findings: steps.end('not reached'),
		...(bytes ? { video: bytes } : { warning: `A video was bought. ${LOOK_THERE}` }),
	};
}

async function checkOtherForm(service: Service, steps: Steps, requestId: string): Promise<void> {
	const other = otherForm(requestId);
	const reply = other && (await service.ask({ stage: 'poll', host: 'api', path: routes.status(other) }));
	const seen =
		reply && 'status' in reply ? (reply.status === 404 ? 'not known (404)' : `known (${reply.status})`) : undefined;
	steps.findings.learn('Polls for its ID in the other form', seen, 'there is no other form');
}

function checkResult(
	steps: Steps,
	reply: Reply,
	{ image_url: image, video_url: motion }: MotionRequest,
): VideoFile | undefined {
	const body = 'text' in reply ? jsonObject(reply.text) : undefined;
	const { video, metrics } = finishedJob(
		body,
		[image, motion].flatMap((url) => url ?? []),
	);
	const url = video && isMediaUrl(video.url) ? video.url : undefined;
	const isThere = steps.answer('result', reply, (answer) => ({
		seen: `${shapeOf(answer)}; ${url ? `a URL (${hostOf(url)})` : 'no URL'}`,
		ok: answer.status === 200 && url !== undefined,
	}));
	if (isThere) {
		const told = METRICS.filter((name) => metrics[name] !== undefined);
		steps.check('metrics', { seen: told.join(', ') || 'none', ok: told.length === METRICS.length });
		const details = Object.keys(video ?? {}).filter((name) => name !== 'url');
		steps.findings.learn('What else it tells of the video', details.join(', ') || 'nothing');
	}
	return url ? video : undefined;
}

async function checkVideo(service: Service, steps: Steps, { url, fileSize }: VideoFile): Promise<Buffer | undefined> {
	const reply = await fetchFile(service, url);
	const kind = 'body' in reply ? kindOf(reply.body.subarray(0, START_BYTES)) : undefined;
	const isWhole = steps.answer('video', reply, ({ status, headers, body }) => {
		const sizes = [fileSize, Number(headers['content-length'] ?? body.length)].filter((size) => size !== undefined);
		const isSame = sizes.every((size) => size === body.length);
		return {
			seen: `${status}, ${kind ?? 'no known kind of file'}, ${isSame ? 'of that size' : 'of another size'}`,
			ok: status === 200 && isSame && (kind === 'mp4' || kind === 'quicktime'),
		};
	});
	return isWhole && 'body' in reply ? reply.body : undefined;
}

async function checkRecord(service: Service, steps: Steps, requestId: string): Promise<void> {
	const reply = await service.ask({ stage: 'history', host: 'history', path: routes.record(requestId) });
	steps.answer('record', reply, (answer) => {
		const row = answer.status === 200 ? historyRecord(answer.text, requestId) : undefined;
		return {
			seen: row
				? `${row.status ?? 'no known status'}, ${row.videoUrl ? 'with a URL' : 'without a URL'}`
				: shapeOf(answer),
			ok: row?.status === 'COMPLETED' && row.videoUrl !== undefined,
		};
	});
}

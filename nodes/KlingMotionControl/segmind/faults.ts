import { errorStatus, failedError, LOOK_FIRST, MAYBE_ACCEPTED, NOT_CHARGED } from './endings';
import { jsonObject } from './json';
import { SUBJECT, wordsOfFault, wordsOfStatus, wordsOfStore } from './messages';
import { reasonOfText } from './reason';
import { outputIn, requestIdIn } from './response';
import { SegmindError, type ErrorDetails, type ErrorKind } from './segmindError';
import type { Answer } from './types';
import { verdictOn, type NetworkFault, type Stage, type Verdict } from './verdict';

/** The error for an answer whose status is not a success. The service's own reason is part of the message. */
export function answerError(stage: Stage, answer: Answer): SegmindError {
	const { status, headers, text, partial } = answer;
	const verdict = verdictOn(stage, { came: 'answer', status, text, partial });
	const reason = reasonOfText(text);
	if (verdict.failed) return failedError(reason, status).with({ videoUrl: outputIn(jsonObject(text)) });
	const [what, todo] = wordsOfStatus(stage, status, reason ?? '');
	return judged('answer', stage, verdict, reason ? `${what}: ${reason}` : what, {
		description: todo,
		httpStatus: status,
		headers,
		requestId: requestIdAt(stage, text),
	});
}

/**
 * The error for a request that got no whole answer.
 * @param text what came of the answer's body before it broke off
 */
export function networkError(stage: Stage, fault: NetworkFault, text = ''): SegmindError {
	const verdict = verdictOn(stage, { came: 'fault', ...fault });
	const [what, todo] = wordsOfFault(stage, fault);
	return judged('network', stage, verdict, what, { description: todo, requestId: requestIdAt(stage, text) });
}

/** The error for a success whose body is not what is documented. `what` completes "Segmind sent an answer that ...". */
export function unreadableError(stage: Stage, answer: Answer, what: string): SegmindError {
	const { status, headers, text } = answer;
	const reason = reasonOfText(text);
	const message = `${SUBJECT[stage]} sent an answer that ${what}`;
	return judged(
		'unreadable',
		stage,
		verdictOn(stage, { came: 'unreadable', text }),
		reason ? `${message}: ${reason}` : message,
		{
			description: 'Try again later.',
			...errorStatus(status),
			headers,
			requestId: requestIdAt(stage, text),
		},
	);
}

/** The error for n8n's own binary store, which did not take the video or, for an upload, did not give the file. `fault` is its code or name. */
export function storeError(stage: 'submit' | 'download' | 'upload', fault: string): SegmindError {
	const what = stage === 'upload' ? 'read the file' : 'store the video';
	return judged('store', stage, verdictOn(stage, { came: 'store', fault }), `n8n could not ${what} (${fault})`, {
		description: wordsOfStore(fault),
	});
}

/** An error by its verdict. One on the way to a video also says whether it was charged or may have been. */
function judged(
	kind: ErrorKind,
	stage: Stage,
	{ accepted, repeats }: Verdict,
	message: string,
	details: Omit<ErrorDetails, 'accepted'>,
): SegmindError {
	if (stage !== 'submit' && stage !== 'upload') {
		return new SegmindError(kind, message, { ...details, accepted, repeats });
	}
	const sentence = accepted === 'no' ? NOT_CHARGED : LOOK_FIRST;
	return new SegmindError(kind, accepted === 'no' ? message : `${message}. ${MAYBE_ACCEPTED}`, {
		...details,
		description: `${details.description} ${sentence}`,
		accepted,
		repeats,
	});
}

/** Only a submit's answer tells the id of a new request. */
function requestIdAt(stage: Stage, text: string): string | undefined {
	return stage === 'submit' ? requestIdIn(text) : undefined;
}

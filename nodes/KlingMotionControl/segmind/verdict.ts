import { isRecord, jsonObject } from './json';
import { jobState } from './response';

/** What a request was for. `submit` is the one that buys; the others are free. */
export type Stage = 'submit' | 'poll' | 'download' | 'upload' | 'credits' | 'check' | 'history';

/** What came back in place of a good answer. */
type Outcome =
	/** an answer whose status is not a success */
	| { came: 'answer'; status: number; text: string; partial?: boolean }
	/** a success whose body is not what is documented, or breaks off */
	| { came: 'unreadable'; text: string }
	/** a fault of the network, or of n8n before it */
	| ({ came: 'fault' } & NetworkFault)
	/** a fault of n8n's binary store, by its code or name */
	| { came: 'store'; fault?: string };

/** A fault as Node and n8n tell of it. */
export interface NetworkFault {
	/** Node's name for it, such as ECONNRESET. */
	code: string;
	/** The system call that failed, where Node names one. */
	syscall?: string;
	/** Set where n8n itself refused to send the request. */
	blocked?: boolean;
}

/** Whether Segmind took a purchase on. `no`: it is proven that nothing is charged. `maybe`: nobody knows. */
export type Accepted = 'no' | 'maybe' | 'yes';

/** What to make of an outcome. */
export interface Verdict {
	accepted: Accepted;
	/** How often the same request may be sent again. */
	repeats: number;
	/** Whether the body itself says that the job failed. */
	failed?: boolean;
}

/** The statuses by which Segmind, or whatever stands before it, refuses a POST (docs/segmind-api.md, "Errors"). */
const REFUSALS: readonly number[] = [301, 307, 308, 400, 401, 402, 403, 404, 405, 406, 410, 413, 415, 422, 429];

/** The statuses after which a GET is sent again, beside all from 500 on. */
const TRANSIENT: readonly number[] = [408, 425, 429];

/** How often a POST is sent again, by the status that refused it: a service that is not available is not hammered. */
const REPEATS_OF_POST: Readonly<Record<number, number>> = { 429: 20, 503: 5 };

/**
 * The one verdict on everything that is not a good answer. A POST is in doubt unless it is proven that the service took
 * nothing on: what is not listed here as a proof is none, known or not (docs/architecture.md, "What proves a refusal").
 */
export function verdictOn(stage: Stage, outcome: Outcome): Verdict {
	if (outcome.came === 'answer' && !outcome.partial && saysFailed(stage, outcome))
		return { accepted: 'no', repeats: 0, failed: true };
	if (stage !== 'submit') return { accepted: BOUGHT[stage], repeats: mayRepeat(stage, outcome) ? Infinity : 0 };
	switch (outcome.came) {
		case 'answer':
			return verdictOnAnswer(outcome);
		case 'fault':
			return { accepted: neverLeft(outcome) ? 'no' : 'maybe', repeats: 0 };
		case 'unreadable':
		case 'store':
			return { accepted: 'maybe', repeats: 0 };
	}
}

/** Whether there is a purchase by the time of a stage: files are uploaded before it, polls and downloads come after it. */
const BOUGHT: Readonly<Record<Exclude<Stage, 'submit'>, Accepted>> = {
	poll: 'yes',
	download: 'yes',
	upload: 'no',
	credits: 'no',
	check: 'no',
	history: 'no',
};

function verdictOnAnswer({ status, text, partial }: { status: number; text: string; partial?: boolean }): Verdict {
	// an answer that breaks off is no word of Segmind
	const refused = !partial && !namesJob(text) && (status === 503 ? isOwnError(text) : REFUSALS.includes(status));
	return refused ? { accepted: 'no', repeats: REPEATS_OF_POST[status] ?? 0 } : { accepted: 'maybe', repeats: 0 };
}

/** Whether a body says that there is a job which did not fail: such an answer refuses nothing, whatever its status. */
function namesJob(text: string): boolean {
	const state = jobState(jsonObject(text));
	return state !== undefined && state.status !== 'FAILED';
}

/** A proxy's page for a 503 also comes after it passed the request on; Segmind's own error says that it did not take it. */
function isOwnError(text: string): boolean {
	const body = jsonObject(text);
	return isRecord(body) && typeof body.error === 'string' && body.error.trim() !== '' && body.request_id === undefined;
}

/** A failed job answers 422 with a body that says so; a 422 of another kind says nothing of the job. */
function saysFailed(stage: Stage, { status, text }: { status: number; text: string }): boolean {
	return status === 422 && ['submit', 'poll'].includes(stage) && jobState(jsonObject(text))?.status === 'FAILED';
}

/** Faults of n8n's binary store that the next try meets again, as its file system, its database or another service names them. */
const LASTING_IN_STORE = {
	full: ['ENOSPC', 'EDQUOT', '53100', 'SQLITE_FULL'],
	forbidden: ['EROFS', 'EACCES', 'EPERM', '25006', '42501', 'SQLITE_READONLY', 'AccessDenied'],
	overLimit: ['FileTooLargeError'],
	tooLarge: ['EFBIG', '54000', 'SQLITE_TOOBIG', 'EntityTooLarge', 'ERR_STRING_TOO_LONG'],
} as const;
type LastingInStore = keyof typeof LASTING_IN_STORE;

/** What is wrong with n8n's binary store, where that lasts. */
export function lastingInStore(fault: string): LastingInStore | undefined {
	const kinds = Object.keys(LASTING_IN_STORE) as LastingInStore[];
	return kinds.find((kind) => (LASTING_IN_STORE[kind] as readonly string[]).includes(fault));
}

/** Requests that buy nothing may be repeated; some answers make it no use. */
function mayRepeat(stage: Stage, outcome: Outcome): boolean {
	if (outcome.came === 'answer') {
		const { status } = outcome;
		return TRANSIENT.includes(status) || status >= 500 || (stage === 'poll' && status === 422);
	}
	if (outcome.came === 'store') return !lastingInStore(outcome.fault ?? '');
	// a history that is not there, or not as known, is done without
	if (stage === 'history') return outcome.came === 'fault' && !neverLeft(outcome);
	return true;
}

/**
 * Whether a fault came before the request could leave: n8n refused it, no connection was made, or the certificate at its
 * other end was refused. The code alone proves nothing: the same codes come when a route vanishes, or when TLS breaks,
 * while the service is at work.
 */
function neverLeft({ code, syscall, blocked }: NetworkFault): boolean {
	if (blocked || syscall === 'connect' || syscall === 'getaddrinfo') return true;
	return isCertificateFault(code);
}

/** Whether Node's own verification refused the certificate of the other end. */
export function isCertificateFault(code: string): boolean {
	return CERTIFICATE_REFUSED.test(code);
}

/** Node's codes for a certificate that its own verification refused, which it does before it sends a byte of the request. */
const CERTIFICATE_REFUSED =
	/^(CERT_[A-Z_]+|CRL_[A-Z_]+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_[A-Z_]+|ERROR_IN_CERT_[A-Z_]+|ERROR_IN_CRL_[A-Z_]+|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|HOSTNAME_MISMATCH|ERR_TLS_CERT_ALTNAME_INVALID)$/;

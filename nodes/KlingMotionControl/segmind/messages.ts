import { isCertificateFault, lastingInStore, type NetworkFault, type Stage } from './verdict';

/** What happened, in one line, and what to do about it. */
type Words = readonly [what: string, todo: string];

/** Who a sentence at this stage is about, as it begins with it. */
export const SUBJECT: Record<Stage, string> = {
	submit: 'Segmind',
	poll: 'Segmind',
	download: "The video's host",
	upload: "Segmind's storage",
	credits: 'Segmind',
	check: 'The host of the reference',
	history: "Segmind's request history",
};

/** What a key may not do, where that is not the use of a model. */
const ALLOWED: Readonly<Partial<Record<Stage, string>>> = {
	upload: 'upload files',
	credits: 'read the credit balance',
};

const LATER = 'Try again later.';
const CHECK_NETWORK = 'Check that the n8n server can reach it.';
const CHECK_URLS = 'Check that the n8n server can reach it, and the URLs in the Segmind API credential.';

/** What a status means at this stage, and what to do about it (docs/segmind-api.md, "Errors"). */
export function wordsOfStatus(stage: Stage, status: number, reason: string): Words {
	if (stage === 'download') {
		const what = `The finished video could not be downloaded: its host answered HTTP ${status}`;
		return [what, [403, 404, 410].includes(status) ? 'Try again: Segmind may have a new URL for it.' : LATER];
	}
	if (status >= 300 && status < 400) {
		return [
			`${SUBJECT[stage]} answered with a redirect, which is not followed with the API key`,
			'Check the URLs in the Segmind API credential.',
		];
	}
	if (stage === 'history' && status !== 401) {
		const todo = status === 429 || status >= 500 ? LATER : 'Check the History URL in the Segmind API credential.';
		return [`Segmind's request history answered HTTP ${status}`, todo];
	}
	switch (status) {
		case 400:
			return [`${SUBJECT[stage]} rejected the request as invalid`, todoOfInvalid(stage)];
		case 401:
			return /missing/i.test(reason)
				? ['Segmind got no API key', 'Enter the API key in the Segmind API credential.']
				: [
						'Segmind does not accept the API key',
						"Check the key in the Segmind API credential against the API keys in Segmind's console.",
					];
		case 402:
		case 406:
			return wordsOfBalance(reason);
		case 403:
			return [
				`Segmind does not allow this API key to ${ALLOWED[stage] ?? 'use the model'}`,
				'Ask the owner of the Segmind account or team for access. Trying again does not help.',
			];
		case 404:
			return wordsOfNotFound(stage);
		case 405:
			return wordsOfNotServed(stage);
		case 410:
			return ['Segmind has retired this model', 'Choose another model.'];
		case 413:
			return [
				`${SUBJECT[stage]} rejected the ${stage === 'upload' ? 'file' : 'request'} as too large`,
				'Use smaller files.',
			];
		case 429:
			return [
				"Segmind's rate limit was reached",
				'Process fewer items in parallel, check their status less often, and try again in a minute.',
			];
		case 500:
			return [
				`${SUBJECT[stage]} ran into an error (HTTP 500)`,
				['submit', 'poll'].includes(stage)
					? 'Often, the model cannot use one of the inputs: check the image and the video.'
					: LATER,
			];
		case 502:
		case 503:
			return [`${SUBJECT[stage]} is not available at the moment (HTTP ${status})`, LATER];
		case 504:
			return [`${SUBJECT[stage]} did not answer in time (HTTP 504)`, LATER];
		case 415:
			return ['Segmind did not accept the content type of the request', 'Check that no proxy changes the request.'];
		case 422:
			return [`${SUBJECT[stage]} answered with HTTP 422`, todoOfInvalid(stage)];
		default:
			return [`${SUBJECT[stage]} answered with HTTP ${status}`, LATER];
	}
}

function todoOfInvalid(stage: Stage): string {
	if (stage === 'upload') return 'Check the file.';
	return stage === 'submit' ? 'Check the parameters of the node.' : LATER;
}

function wordsOfNotFound(stage: Stage): Words {
	switch (stage) {
		case 'poll':
			return [
				'Segmind does not know this request',
				"Segmind forgets a request about 1 hour after it was made. Check the request ID. An older video may still be found on the Generations page in Segmind's console, and its URL works for 7 days.",
			];
		case 'credits':
			return ['Segmind found no credits for this account', "Buy credits in Segmind's console."];
		case 'upload':
			return ["Segmind's storage was not found", 'Check the Storage URL in the Segmind API credential.'];
		default:
			return [
				'Segmind does not know this model or route',
				'Check the model and the URLs in the Segmind API credential.',
			];
	}
}

function wordsOfNotServed(stage: Stage): Words {
	if (stage === 'upload')
		return ["Segmind's storage takes no files at its URL", 'Check the Storage URL in the Segmind API credential.'];
	const orMode = stage === 'submit' ? ', or set API Mode to Auto' : '';
	return [
		'Segmind does not accept this request at the Base URL',
		`Check the Base URL in the Segmind API credential${orMode}.`,
	];
}

/** v1's 406 has three causes in one status; 402 is v2's name for the first of them. */
function wordsOfBalance(reason: string): Words {
	if (/content.?type/i.test(reason)) {
		return ['Segmind did not accept the content type of the request', 'Check that no proxy changes the request.'];
	}
	if (/limit/i.test(reason)) {
		return ["The team's spend limit at Segmind was reached", "Raise the limit in Segmind's console."];
	}
	return ['The Segmind account has too few credits for this call', "Buy credits in Segmind's console."];
}

/** What a fault of the network means, and what to do about it. */
export function wordsOfFault(stage: Stage, { code, syscall, blocked }: NetworkFault): Words {
	const subject = SUBJECT[stage];
	if (code === 'CREDENTIAL_UNREADABLE') {
		return ['n8n could not read the Segmind API credential', 'Open the credential and save it again.'];
	}
	if (blocked)
		return [
			`n8n refused to connect to ${subject.replace(/^The/, 'the')} (${code})`,
			'Ask the administrator of n8n to allow its host.',
		];
	const [what, todo] = causeOf(code, syscall);
	// the URL of a video is in no field
	const isNamedBySegmind = stage === 'download' && todo === CHECK_URLS;
	return [`${subject} could not be reached: ${what} (${code})`, isNamedBySegmind ? CHECK_NETWORK : todo];
}

function causeOf(code: string, syscall: string | undefined): Words {
	if (code === 'ECONNREFUSED') return ['the connection was refused', CHECK_URLS];
	if (['ENOTFOUND', 'EAI_AGAIN'].includes(code)) return ['its host name was not found', CHECK_URLS];
	if (['EHOSTUNREACH', 'ENETUNREACH'].includes(code)) return ['there is no route to its host', CHECK_URLS];
	if (isCertificateFault(code)) return ['its certificate is not trusted', CHECK_URLS];
	if (/^EPROTO$|^ERR_(SSL|TLS)_/.test(code)) {
		return ['no secure connection could be made', CHECK_URLS];
	}
	if (['ETIMEDOUT', 'ECONNABORTED'].includes(code)) return ['no answer came in time', LATER];
	return [syscall === 'connect' ? 'no connection could be made' : 'the connection broke off', LATER];
}

/** What to do about a fault of n8n's binary store, by its code or name. */
export function wordsOfStore(fault: string): string {
	switch (lastingInStore(fault)) {
		case 'full':
			return 'The disk where n8n keeps binary data is full: free space on it.';
		case 'forbidden':
			return 'The place where n8n keeps binary data refuses access: check its permissions.';
		// n8n's own, in its database mode
		case 'overLimit':
			return "The file is over n8n's limit on file size for binary data in its database, 512 MB by default. The administrator of n8n can raise it: N8N_BINARY_DATA_DATABASE_MAX_FILE_SIZE.";
		case 'tooLarge':
			return 'The file is too large for the place where n8n keeps binary data. The administrator of n8n can choose another: N8N_DEFAULT_BINARY_DATA_MODE.';
		default:
			return 'Check the place where n8n keeps binary data: its free space, its permissions, and its limit on file size.';
	}
}

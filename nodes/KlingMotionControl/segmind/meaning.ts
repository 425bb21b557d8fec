/** What the request was for: it decides what a status means and what a person can do. */
export type Stage = 'submit' | 'poll' | 'download' | 'upload' | 'credits';

/** Who a sentence at this stage is about. */
export const SUBJECT: Record<Stage, string> = {
	submit: 'Segmind',
	poll: 'Segmind',
	download: "The video's address",
	upload: "Segmind's storage",
	credits: 'Segmind',
};

/** What a status means at this stage, and what to do about it (segmind-api.md, "Errors"). */
export function meaningOf(stage: Stage, status: number, reason: string): readonly [string, string] {
	if (stage === 'download') {
		return [`The finished video could not be downloaded: its address answered HTTP ${status}`, 'Try again later.'];
	}
	if (status >= 300 && status < 400) {
		return [
			`${SUBJECT[stage]} answered with a redirect, which is not followed with the API key`,
			'Check the Base URL and the Storage URL of the credential.',
		];
	}
	switch (status) {
		case 400:
			return ['Segmind rejected the request as not valid', 'Check the parameters of the node.'];
		case 401:
			return /missing/i.test(reason)
				? ['Segmind got no API key', 'Enter the API key in the Segmind API credential.']
				: [
						'Segmind does not accept the API key',
						"Check the key in the Segmind API credential against the API keys in Segmind's console.",
					];
		case 403:
			return [
				'Segmind does not allow this API key to use the model',
				'Ask the owner of the Segmind account or team for access. Trying again does not help.',
			];
		case 404:
			return notFound(stage);
		case 405:
			return [
				'Segmind does not offer this route',
				'Check the Base URL of the credential, or set the option API Mode to Auto.',
			];
		case 406:
			return notAcceptable(reason);
		case 410:
			return ['Segmind has retired this model', 'Choose another model.'];
		case 413:
			return ['Segmind rejected the request as too large', 'Use smaller files.'];
		case 429:
			return [
				'Segmind is getting too many requests from this account',
				'Lower the option Max Concurrency or raise Poll Interval, and try again in a minute.',
			];
		case 500:
			return [
				'Segmind ran into an error',
				'Often this is a parameter that the model does not take: check the image and the video.',
			];
		case 502:
		case 503:
			return [`Segmind is not available for now (HTTP ${status})`, 'Try again later.'];
		case 504:
			return ['Segmind did not answer in time (HTTP 504)', 'Try again later.'];
		default:
			return [`Segmind answered with HTTP ${status}`, 'Try again later.'];
	}
}

function notFound(stage: Stage): readonly [string, string] {
	switch (stage) {
		case 'poll':
			return [
				'Segmind does not know this request',
				"Segmind forgets a request about 1 hour after it was made. Check the request ID. An older video may still be found on the Generations page in Segmind's console, and its address works for 7 days.",
			];
		case 'credits':
			return ['Segmind found no credits for this account', "Buy credits in Segmind's console."];
		case 'upload':
			return ["Segmind's storage was not found", 'Check the Storage URL of the credential.'];
		default:
			return ['Segmind does not know this model or route', 'Check the model and the Base URL of the credential.'];
	}
}

function notAcceptable(reason: string): readonly [string, string] {
	if (/content.?type/i.test(reason)) {
		return ['Segmind did not accept the content type of the request', 'Check that no proxy changes the request.'];
	}
	if (/limit/i.test(reason)) {
		return ["The team's spend limit at Segmind is reached", "Raise the limit in Segmind's console."];
	}
	return [
		'The Segmind account has too few credits for this call',
		"Buy credits in Segmind's console. The operation Get Credit Balance shows what is left.",
	];
}

/** What a fault of the network means, by Node's name for it, and what to do about it. */
export function meaningOfFault(code: string): readonly [string, string] {
	if (code === 'ECONNREFUSED') return ['the connection was refused', CHECK_ADDRESS];
	if (['ENOTFOUND', 'EAI_AGAIN'].includes(code)) return ['the name of its host was not found', CHECK_ADDRESS];
	if (['EHOSTUNREACH', 'ENETUNREACH'].includes(code)) return ['there is no way to its host', CHECK_ADDRESS];
	if (neverArrived(code)) return ['no secure connection could be made', CHECK_ADDRESS];
	if (['ETIMEDOUT', 'ECONNABORTED'].includes(code)) return ['no answer came in time', 'Try again later.'];
	return ['the connection broke off', 'Try again later.'];
}

/** Whether a fault came before the request could arrive: nobody took the connection, or it was not secure. */
export function neverArrived(code: string): boolean {
	return /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EPROTO|ERR_TLS_|ERR_SSL_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/.test(
		code,
	);
}

const CHECK_ADDRESS = 'Check that the n8n server can reach it, and the addresses in the Segmind API credential.';

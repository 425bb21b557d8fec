import type { IExecuteFunctions } from 'n8n-workflow';

import { DEFAULT_URLS } from '../segmind/routes';
import type { Credential } from '../transport/client';
import { cleanSecret, readBaseUrl } from './credentialUrl';
import { invalid } from './invalid';

/** In characters. Real keys have 19; servers refuse headers of more than 8 kB. */
const LONGEST_KEY = 1_000;

/**
 * The credential of the node, checked.
 * @throws SegmindError of kind `input` that names the field at fault, or n8n's own error where the node has no credential
 */
export async function readCredential(context: IExecuteFunctions): Promise<Credential> {
	const given = await context.getCredentials('segmindApi');
	const apiKey = cleanSecret(given.apiKey);
	if (!apiKey)
		throw invalid('The API Key of the Segmind API credential', 'is empty', 'Enter the API key in the credential.');
	if (apiKey.length > LONGEST_KEY) {
		const todo = "Enter the API key alone, as Segmind's console shows it.";
		throw invalid('The API Key of the Segmind API credential', 'is too long', todo);
	}
	return {
		apiKey,
		baseUrl: readUrl('Base URL', given.baseUrl, DEFAULT_URLS.api),
		storageUrl: readUrl('Storage URL', given.storageUrl, DEFAULT_URLS.storage),
		historyUrl: readHistoryUrl(given.historyUrl),
	};
}

function readUrl(name: string, given: unknown, fallback: string): string {
	const reading = readBaseUrl(given, fallback);
	if (!('problem' in reading)) return reading.value;
	const label = `The ${name} of the Segmind API credential`;
	throw invalid(label, reading.problem, `Correct the ${name} in the credential.`);
}

/** An emptied field means that there is no history; a credential that was saved before the field existed has its default. */
function readHistoryUrl(given: unknown): string {
	return given === undefined || given === null ? DEFAULT_URLS.history : readUrl('History URL', given, '');
}

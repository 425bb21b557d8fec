import type { IExecuteFunctions } from 'n8n-workflow';

import { DEFAULT_URLS } from '../segmind/routes';
import type { Credential } from '../transport/client';
import { cleanSecret, readBaseUrl } from './credentialUrl';
import { invalid, valueOf } from './invalid';

/**
 * The credential of the node, checked.
 * @throws SegmindError of kind `input` that names the field at fault, or n8n's own error where the node has no credential
 */
export async function readCredential(context: IExecuteFunctions): Promise<Credential> {
	const given = await context.getCredentials('segmindApi');
	const apiKey = cleanSecret(given.apiKey);
	if (!apiKey)
		throw invalid('The API Key of the Segmind API credential', 'is empty', 'Enter the API key in the credential.');
	return {
		apiKey,
		baseUrl: readUrl('Base URL', given.baseUrl, DEFAULT_URLS.api),
		storageUrl: readUrl('Storage URL', given.storageUrl, DEFAULT_URLS.storage),
		historyUrl: readHistoryUrl(given.historyUrl),
	};
}

function readUrl(name: string, given: unknown, fallback: string): string {
	return valueOf(`The ${name} of the Segmind API credential`, readBaseUrl(given, fallback));
}

/** An emptied field means that there is no history; a credential that was saved before the field existed has its default. */
function readHistoryUrl(given: unknown): string {
	return given === undefined || given === null ? DEFAULT_URLS.history : readUrl('History URL', given, '');
}

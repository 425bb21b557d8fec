import type {
	IAuthenticateGeneric,
	ICredentialTestRequest,
	ICredentialType,
	Icon,
	INodeProperties,
} from 'n8n-workflow';

import { DEFAULT_URLS } from '../nodes/KlingMotionControl/segmind/routes';

/** White space and characters that nobody sees, which secret stores and web pages add to what is copied from them. */
const INVISIBLE = String.raw`/[\s\p{Cc}\p{Cf}]+/gu`;

/** The same and the quotes that settings files have around a key; in none of them is there one in it. */
const AROUND_KEY = String.raw`/[\s\p{Cc}\p{Cf}"'\p{Pi}\p{Pf}]+/gu`;
/** What stands in front of a key in the header of a request, from where it is copied along. */
const LABEL = '/^(?:bearer|x-api-key[:=])+/i';

/** A Segmind account: its API key, and the hosts that the key may be sent to. */
export class SegmindApi implements ICredentialType {
	name = 'segmindApi';

	displayName = 'Segmind API';

	icon: Icon = { light: 'file:segmind.svg', dark: 'file:segmind.dark.svg' };

	documentationUrl = 'https://cloud.segmind.com/console/api-keys';

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			placeholder: 'SG_…',
			description: "The key from the API Keys page of Segmind's console",
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: DEFAULT_URLS.api,
			description: 'Where video requests are sent, with the API key. Change it only if you run a proxy.',
		},
		{
			displayName: 'Storage URL',
			name: 'storageUrl',
			type: 'string',
			default: DEFAULT_URLS.storage,
			description: 'Where files are uploaded, with the API key. Change it only if you run a proxy.',
		},
		{
			displayName: 'History URL',
			name: 'historyUrl',
			type: 'string',
			default: DEFAULT_URLS.history,
			description:
				'Where earlier requests are looked up, with the API key: lost answers, Get Many Requests, Reuse Within. If empty, the request history is not used.',
		},
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: {
			headers: {
				'x-api-key': `={{ ($credentials.apiKey || '').replace(${AROUND_KEY}, '').replace(${LABEL}, '') }}`,
			},
		},
	};

	/** Reads the credit balance: it runs no model and is free. */
	test: ICredentialTestRequest = {
		request: {
			baseURL: `={{ ($credentials.baseUrl || '').replace(${INVISIBLE}, '').replace(/(\\/+(v[12])?)+$/i, '') || '${DEFAULT_URLS.api}' }}`,
			url: '/v1/get-user-credits',
			disableFollowRedirect: true,
		},
		rules: [
			answers(401, "Segmind does not accept this API key. Copy it again from Segmind's console."),
			answers(403, 'Segmind does not allow this API key to be used. Ask the owner of the Segmind account.'),
			answers(404, 'There is no Segmind API at the Base URL, or the account has no credits yet. Check the Base URL.'),
			answers(405, 'There is no Segmind API at the Base URL. Check the Base URL.'),
			...[301, 302, 303, 307, 308].map((status) =>
				answers(
					status,
					'The Base URL redirects to another URL, where the API key is not sent. Enter that URL instead.',
				),
			),
			answers(429, "Segmind's rate limit was reached. The key may be right: try again in a minute."),
			...[500, 502, 503, 504].map((status) =>
				answers(
					status,
					`Segmind is not available at the moment (HTTP ${status}). The key may be right: try again later.`,
				),
			),
			// any web server answers 200: only Segmind's answer names the credits
			{
				type: 'responseSuccessBody',
				properties: {
					key: 'credits',
					value: undefined,
					message:
						'The server at the Base URL is not the Segmind API: its answer names no credits. Check the Base URL.',
				},
			},
			// n8n reads both kinds in one list; its type has a list of each
		] as ICredentialTestRequest['rules'],
	};
}

/** What the test says of a status. */
function answers(value: number, message: string) {
	return { type: 'responseCode' as const, properties: { value, message } };
}

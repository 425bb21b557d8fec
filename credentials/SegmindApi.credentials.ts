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

/** A Segmind account: its API key, and the hosts that the key may be sent to. */
export class SegmindApi implements ICredentialType {
	name = 'segmindApi';

	displayName = 'Segmind API';

	icon: Icon = { light: 'file:segmind.svg', dark: 'file:segmind.dark.svg' };

	documentationUrl = 'https://docs.segmind.com';

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			placeholder: 'SG_…',
			description: "From the API Keys page of Segmind's console",
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: DEFAULT_URLS.api,
			description: 'Where the Segmind API is. The API key is sent there: change it only to a host that you trust.',
		},
		{
			displayName: 'Storage URL',
			name: 'storageUrl',
			type: 'string',
			default: DEFAULT_URLS.storage,
			description: 'Where files are uploaded to. The API key is sent there: change it only to a host that you trust.',
		},
		{
			displayName: 'History URL',
			name: 'historyUrl',
			type: 'string',
			default: DEFAULT_URLS.history,
			description:
				'Where the request history is, which settles lost answers. The API key is sent there. Leave empty not to use it.',
		},
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { headers: { 'x-api-key': `={{ ($credentials.apiKey || '').replace(${INVISIBLE}, '') }}` } },
	};

	/** Reads the credit balance: it runs no model and is free. */
	test: ICredentialTestRequest = {
		request: {
			baseURL: `={{ ($credentials.baseUrl || '').replace(${INVISIBLE}, '').replace(/(\\/+(v[12])?)+$/i, '') || '${DEFAULT_URLS.api}' }}`,
			url: '/v1/get-user-credits',
			disableFollowRedirect: true,
		},
		rules: [
			{
				type: 'responseCode',
				properties: {
					value: 401,
					message: "Segmind does not accept this API key. Copy it again from Segmind's console.",
				},
			},
		],
	};
}

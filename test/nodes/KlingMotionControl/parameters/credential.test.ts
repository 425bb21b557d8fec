import type { IExecuteFunctions } from 'n8n-workflow';

import { readCredential } from '../../../../nodes/KlingMotionControl/parameters/credential';

const read = async (given: object) =>
	await readCredential({ getCredentials: async () => await Promise.resolve(given) } as unknown as IExecuteFunctions);
const OWN = {
	baseUrl: 'https://api.segmind.com',
	storageUrl: 'https://workflows-api.segmind.com',
	historyUrl: 'https://api.spotprod.segmind.com',
};

it.each<[object, object]>([
	[{ apiKey: 'k' }, { apiKey: 'k', ...OWN }],
	[
		{ apiKey: ' k\u200B\n', baseUrl: ' ', storageUrl: '', historyUrl: null },
		{ apiKey: 'k', ...OWN },
	],
	[
		{ apiKey: 'k', historyUrl: ' ' },
		{ apiKey: 'k', ...OWN, historyUrl: '' },
	],
	[
		{ apiKey: 'k', baseUrl: 'https://a.test/v2/ ', storageUrl: 'https://b.test//', historyUrl: 'https://c.test/v1' },
		{ apiKey: 'k', baseUrl: 'https://a.test', storageUrl: 'https://b.test', historyUrl: 'https://c.test' },
	],
])('reads %j', async (given, credential) => expect(await read(given)).toEqual(credential));

it.each<[object, string]>([
	[{}, 'The API Key of the Segmind API credential is empty'],
	[{ apiKey: ' \n' }, 'The API Key of the Segmind API credential is empty'],
	[{ apiKey: 'k', baseUrl: 'api.segmind.com' }, 'The Base URL of the Segmind API credential must begin with https://'],
	[{ apiKey: 'k', storageUrl: 'ftp://x.y' }, 'The Storage URL of the Segmind API credential must begin with https://'],
	[{ apiKey: 'k', historyUrl: 'https://' }, 'The History URL of the Segmind API credential is not a valid URL'],
])('refuses %j', async (given, message) => await expect(read(given)).rejects.toMatchObject({ message, kind: 'input' }));

it("leaves n8n's own error where there is none", async () => {
	const getCredentials = async () => await Promise.reject(new Error('Node does not have any credentials set'));
	const context = { getCredentials } as unknown as IExecuteFunctions;
	await expect(readCredential(context)).rejects.toThrow('Node does not have any credentials set');
});

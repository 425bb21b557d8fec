import { SegmindApi } from '../../credentials/SegmindApi.credentials';
import { startFakeSegmind, type FakeServer } from '../support/fakeSegmind/server';
import { KEY } from '../support/fakeSegmind/service';
import { fileOf, NOTHING_SENT } from '../support/inputs';
import { resolved } from '../support/inProcessN8n';
import { mediaFile } from '../support/mediaFiles';
import { credentialFor, runSample } from '../support/sample';

/** What comes along with a copied text, and nobody sees. */
const PADDING = [
	' ',
	'\t',
	'\r\n',
	'\u00A0',
	'\u200B',
	'\u200D',
	'\u200E',
	'\u2028',
	'\u2060',
	'\u2066',
	'\u2069',
	'\u00AD',
	'\u061C',
	'\uFEFF',
	'\u0000',
];
let server: FakeServer;
beforeEach(async () => (server = await startFakeSegmind({ latency: 40 })));
afterEach(async () => await server.close());

/** Runs the sample, with an image from the item, by a credential that differs in these fields. */
async function run(fields: object, parameters: object = {}) {
	const credential = { ...credentialFor(server), ...fields };
	const input = [{ json: {}, binary: { image: await fileOf(mediaFile('portrait.jpg'), 'a', '') } }];
	const options = { checkUrls: false, ...('options' in parameters && (parameters.options as object)) };
	return await runSample(server, { imageSource: 'binary', ...parameters, options }, { credential, input });
}

/** What was asked of the service, without the ids. */
function asked(): string[] {
	const lines = server.segmind.log.map(
		({ host, method, path }) => `${host} ${method} ${path.replace(/[\da-f-]{36}/, 'ID')}`,
	);
	return [...new Set(lines)];
}

const ALL = [
	'storage POST /upload-asset',
	'api POST /v2/kling-2.6-standard-motion-control',
	'api GET /v2/requests/ID/status',
	'api GET /v2/requests/ID',
	'media GET /outputs/ID.mp4',
];

describe('an API key', () => {
	it.each([
		...PADDING.flatMap((padding) => [`${KEY}${padding}`, `${padding}${KEY}`]),
		...PADDING.map((padding) => `${KEY.slice(0, 9)}${padding}${KEY.slice(9)}`),
		`\n\n  ${KEY}\u200B \n`,
		`"${KEY}"`,
		`Bearer ${KEY}`,
		`x-api-key: '${KEY}'`,
	])('%j is sent as it was meant', async (apiKey) => {
		const { error } = await run({ apiKey });
		expect(error).toBeUndefined();
		expect(asked()).toEqual(ALL);
		for (const { host, headers } of server.segmind.log)
			expect(headers['x-api-key']).toBe(host === 'media' ? undefined : KEY);
	});

	it.each(['', ' ', '\u200B\n', undefined, null, 5])('%j is none', async (apiKey) => {
		const { error } = await run({ apiKey });
		expect(error).toMatchObject({
			message: 'The API Key of the Segmind API credential is empty',
			description: `Enter the API key in the credential. ${NOTHING_SENT}`,
		});
		expect(server.segmind.log).toEqual([]);
	});

	it('is not a whole page that was copied', async () => {
		const { error } = await run({ apiKey: 'x'.repeat(9_000) });
		expect(error).toMatchObject({
			message: 'The API Key of the Segmind API credential is too long',
			description: `Enter the API key alone, as Segmind's console shows it. ${NOTHING_SENT}`,
		});
		expect(server.segmind.log).toEqual([]);
	});

	it('does not come back in an error, though the service repeats it as it was saved', async () => {
		const saved = `${KEY}\u200B`;
		server.segmind.settings.fault = (_request, route) =>
			route === 'submit' ? { status: 400, body: { error: `bad key ${saved}, ${KEY}` } } : undefined;
		const { error } = await run({ apiKey: saved });
		expect(error?.message).toBe('Segmind rejected the request as invalid: bad key [API key] , [API key]');
	});
});

describe('a URL', () => {
	const written = (url: string) => [
		url,
		`${url}/`,
		`${url}//`,
		`${url}/v1`,
		`${url}/v2`,
		`${url}/v1/`,
		`${url}/V2/`,
		`${url}/v2/v1`,
		` ${url} \n`,
		`${url}/v1\u200B`,
		`\uFEFF${url}\u2066`,
		url.replace('http', 'HTTP'),
		url.replace('127', '\u200B127'),
	];
	it.each(written('URL').map((_text, index) => index))('in spelling %d is the same host', async (index) => {
		const { error } = await run({ baseUrl: written(server.url)[index], storageUrl: written(server.storageUrl)[index] });
		expect(error).toBeUndefined();
		expect(asked()).toEqual(ALL);
	});

	it.each(written('URL').map((_text, index) => index))('in spelling %d is the same history', async (index) => {
		const { error } = await run({ historyUrl: written(server.historyUrl)[index] }, { operation: 'getRequests' });
		expect(error).toBeUndefined();
		expect(server.segmind.log.map(({ route }) => route)).toEqual(['history']);
	});

	it.each(['', ' ', '\u200B'])('of the history may be emptied: %j', async (historyUrl) => {
		const { error } = await run({ historyUrl }, { operation: 'getRequests' });
		expect(error?.message).toMatch(/^Segmind's request history is not available/);
		expect(server.segmind.log).toEqual([]);
		expect((await run({ historyUrl })).error).toBeUndefined();
	});

	it('keeps the path of a proxy', async () => {
		const { error } = await run({ baseUrl: `${server.url}/segmind/v1/`, storageUrl: `${server.storageUrl}/store` });
		expect(error).toBeDefined();
		expect(asked()).toEqual(['storage POST /store/upload-asset']);
	});

	it.each<[string, string, unknown, string]>([
		['baseUrl', 'Base URL', 'api.segmind.com', 'must begin with https://'],
		['baseUrl', 'Base URL', 'ftp://api.segmind.com', 'must begin with https://'],
		['baseUrl', 'Base URL', 'https://', 'is not a valid URL'],
		['baseUrl', 'Base URL', 'https://api segmind.com', 'is not a valid URL'],
		['baseUrl', 'Base URL', 'https://me:secret@api.segmind.com', 'must not contain a username or password'],
		['baseUrl', 'Base URL', 'https://api.segmind.com/v1?key=secret', 'must not contain “?” or “#”'],
		['baseUrl', 'Base URL', 'https://api.segmind.com/#/v1', 'must not contain “?” or “#”'],
		['baseUrl', 'Base URL', 5, 'must be a URL, not 5'],
		['historyUrl', 'History URL', 'api.spotprod.segmind.com', 'must begin with https://'],
		['historyUrl', 'History URL', 'https://', 'is not a valid URL'],
		['historyUrl', 'History URL', true, 'must be a URL, not true'],
		['storageUrl', 'Storage URL', 'workflows-api.segmind.com', 'must begin with https://'],
		['storageUrl', 'Storage URL', '/upload-asset', 'must begin with https://'],
		['storageUrl', 'Storage URL', ['https://x.com'], 'must be a URL, not a list'],
	])('%s is refused by its name: %s %j', async (field, name, value, problem) => {
		const { error } = await run({ [field]: value });
		const label = `The ${name} of the Segmind API credential`;
		expect(error?.message).toBe(`${label} ${problem}`);
		expect(error?.description).toBe(`Correct the ${name} in the credential. ${NOTHING_SENT}`);
		expect(error?.description).not.toContain('secret');
		expect(server.segmind.log).toEqual([]);
	});

	it('in the test of the credential is where the node goes', () => {
		const { baseURL = '', url } = new SegmindApi().test.request;
		expect(url).toBe('/v1/get-user-credits');
		for (const baseUrl of written('https://proxy.example.com/a')) {
			const asGiven = baseUrl.startsWith('HTTP') ? 'HTTPs://proxy.example.com/a' : 'https://proxy.example.com/a';
			expect(resolved(String(baseURL), { apiKey: KEY, baseUrl })).toBe(asGiven);
		}
		for (const baseUrl of ['', ' ', '\u200B', undefined]) {
			expect(resolved(String(baseURL), { apiKey: KEY, ...(baseUrl !== undefined && { baseUrl }) })).toBe(
				'https://api.segmind.com',
			);
		}
	});
});

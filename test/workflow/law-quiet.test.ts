import { dirname } from 'node:path';

import fc from 'fast-check';
import { Workflow, type INodeType } from 'n8n-workflow';

import { SegmindApi } from '../../credentials/SegmindApi.credentials';
import { cleanSecret } from '../../nodes/KlingMotionControl/parameters/credentialUrl';
import { KEY } from '../support/fakeSegmind/service';
import { head, type Exchange, type Script } from '../support/front';
import { closeFronts, runFronted, type FrontedResult } from '../support/fronted';
import { newIdentity } from '../adversary/tls';
import { CONTINUE, RETRY } from '../support/sample';

const DOUBT = /may have been accepted/;

afterEach(closeFronts);

/** What reads n8n's own setting, which n8n reads once; undefined where it has no such protection. */
function ssrfProtectionConfig(): (() => { enabled: boolean }) | undefined {
	const from = { paths: [dirname(require.resolve('n8n-core'))] };
	// eslint-disable-next-line @typescript-eslint/no-require-imports
	const { Container } = require(require.resolve('@n8n/di', from)) as typeof import('@n8n/di');
	// eslint-disable-next-line @typescript-eslint/no-require-imports
	const { SsrfProtectionConfig: config } = require(require.resolve('@n8n/config', from)) as {
		SsrfProtectionConfig?: new () => { enabled: boolean };
	};
	return config && (() => Container.get(config));
}

describe('12. no false alarm where nothing left the machine', () => {
	function expectQuiet({ text, posts }: FrontedResult): void {
		expect(posts).toBe(0);
		expect(text).not.toMatch(DOUBT);
		expect(text).toMatch(/This item was not charged/);
	}

	it.each([
		'api.segmind.com',
		'ftp://api.segmind.com',
		'file:///etc/passwd',
		'//api.segmind.com',
		'localhost:8080',
		'http://',
		'http:///v1',
		'https://a b.test',
		'http://127.0.0.1:99999',
		'http://user:pass@127.0.0.1',
		'mailto:a@b.test',
	])('a Base URL that is none: %j', async (baseUrl) => {
		for (const apiMode of ['async', 'sync']) {
			expectQuiet(await runFronted({ credential: { baseUrl }, options: { apiMode } }));
		}
	});

	it.each([
		['nobody listens', 'http://127.0.0.1:9'],
		['nobody listens, by name', 'http://localhost:9'],
		['nobody listens, by IPv6', 'http://[::1]:9'],
		['no such host', 'http://nobody.invalid'],
		['no such host, with TLS', 'https://nobody.invalid'],
	])('%s', async (_name, baseUrl) => {
		// a name server may take seconds of real time to say that there is no such host
		const patient = { factor: 20, limits: { submitTime: 30_000 } };
		for (const apiMode of ['async', 'sync']) {
			expectQuiet(await runFronted({ credential: { baseUrl }, options: { apiMode }, ...patient }));
		}
	});

	it('a certificate that nobody signed', async () => {
		expectQuiet(await runFronted({ identity: newIdentity() }));
	});

	const ssrfProtection = ssrfProtectionConfig();
	// n8n 1 has none
	(ssrfProtection ? it : it.skip)("n8n's own protection against SSRF", async () => {
		const config = ssrfProtection?.() ?? { enabled: false };
		config.enabled = true;
		try {
			const result = await runFronted();
			expectQuiet(result);
			expect(result.text).toMatch(/n8n refused/);
			expect(result.api.connections).toBe(0);
			// a name that leads to a private address is only found out while n8n connects
			const byName = await runFronted({ credential: { baseUrl: `http://localhost:${new URL(result.api.url).port}` } });
			expectQuiet(byName);
		} finally {
			config.enabled = false;
		}
	});

	it('a credential that n8n cannot read any more when the POST is due', async () => {
		let reads = 0;
		const result = await runFronted({
			vault() {
				if (++reads > 1) throw new Error('sealed');
			},
			run: { settings: {} },
		});
		expectQuiet(result);
	});
});

describe('11. a key with something behind it', () => {
	const dressed = [
		`${KEY}\n`,
		`${KEY}\r\n`,
		` ${KEY}`,
		`${KEY} \t`,
		`\ufeff${KEY}`,
		`${KEY}\u200b`,
		`\u2066${KEY}\u2069`,
		`${KEY}\u00a0`,
	];
	const places: Array<[string, (exchange: Exchange, key: string) => ReturnType<Script>]> = [
		[
			'in an error',
			({ socket }, key) => void socket.end(Buffer.concat([head(401), Buffer.from(`{"error": "bad key ${key}"}`)])),
		],
		['in a header', ({ socket }, key) => void socket.end(head(429, { 'retry-after': key }))],
		['in a page', ({ socket }, key) => void socket.end(Buffer.concat([head(502), Buffer.from(`your key: ${key}.`)]))],
		[
			'as an id',
			({ socket }, key) => void socket.end(Buffer.concat([head(200), Buffer.from(`{"request_id": "${key}"}`)])),
		],
		[
			'in an answer that breaks off',
			({ socket }, key) =>
				void socket.end(
					Buffer.concat([head(200, { 'content-length': '999' }), Buffer.from(`{"request_id": "${key}", `)]),
				),
		],
	];
	it.each(dressed.flatMap((apiKey) => places.map(([name, echo]) => [apiKey, name, echo] as const)))(
		'%j, echoed %s: it is shown nowhere',
		async (apiKey, _name, echo) => {
			for (const settings of [{}, { ...RETRY, ...CONTINUE }]) {
				const messages: string[] = [];
				const result = await runFronted({
					credential: { apiKey },
					api: (exchange) => echo(exchange, exchange.request.headers['x-api-key'] ?? KEY),
					options: { timeout: 1 },
					run: { settings, onMessage: (message) => messages.push(message) },
				});
				expect(result.api.requests[0]?.headers['x-api-key']).toBe(KEY);
				expect(JSON.stringify([result.run, result.items, result.text, messages])).not.toContain(KEY);
			}
		},
	);

	it('is sent as the node knows it, whatever there is around it', () => {
		const expression = new SegmindApi().authenticate.properties.headers?.['x-api-key'];
		const node = {
			id: 'a',
			name: 'A',
			type: 'a',
			typeVersion: 1,
			position: [0, 0] as [number, number],
			parameters: {},
		};
		const nodeType = { description: { properties: [] } } as unknown as INodeType;
		const workflow = new Workflow({
			nodes: [node],
			connections: {},
			active: false,
			nodeTypes: { getByName: () => nodeType, getByNameAndVersion: () => nodeType, getKnownTypes: () => ({}) },
		});
		const sent = ($credentials: object) =>
			workflow.expression.getSimpleParameterValue(
				node,
				String(expression),
				'internal',
				{ $credentials },
				undefined,
				'',
			);
		// what nobody sees, of the Unicode that there is
		const invisible = Array.from({ length: 0x11_0000 }, (_, code) => String.fromCodePoint(code)).filter((text) =>
			/[\s\p{Cc}\p{Cf}]/u.test(text),
		);
		const around = fc
			.array(fc.constantFrom(...invisible, '"', "'", '“', '”'), { maxLength: 4 })
			.map((parts) => parts.join(''));
		const label = fc.constantFrom('', 'Bearer', 'x-api-key:', 'X-API-Key=');
		fc.assert(
			fc.property(around, label, around, (before, name, behind) => {
				const apiKey = before + name + behind + KEY + behind;
				expect(sent({ apiKey })).toBe(cleanSecret(apiKey));
			}),
			{ numRuns: 300 },
		);
	});
});

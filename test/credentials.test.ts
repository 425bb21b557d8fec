import type { ICredentialTestRequest } from 'n8n-workflow';

import { SegmindApi } from '../credentials/SegmindApi.credentials';

type Rule = NonNullable<ICredentialTestRequest['rules']>[number];

const rules: Rule[] = [...(new SegmindApi().test.rules ?? [])];

/** What n8n's test says of an answer, as its CredentialsTester reads the rules; undefined where it passes, or has no words of ours. */
function verdictOn(status: number, body: Record<string, unknown> = {}): string | undefined {
	const rule = rules.find(({ type, properties }) => {
		if (type === 'responseCode') return 'value' in properties && properties.value === status && status >= 300;
		return status < 300 && 'key' in properties && body[properties.key] === properties.value;
	});
	return rule?.properties.message;
}

it('passes where the answer names the credits', () => {
	expect(verdictOn(200, { credits: 25.5 })).toBeUndefined();
	expect(verdictOn(200, { credits: 0 })).toBeUndefined();
});

it.each([{}, { data: '<html></html>' }, { error: 'nothing here' }])('fails on a 200 of another server: %j', (body) => {
	expect(verdictOn(200, body)).toMatch(/is not the Segmind API.*Check the Base URL\.$/);
});

it.each([
	[401, /does not accept this API key/],
	[403, /does not allow/],
	[404, /no Segmind API at the Base URL/],
	[405, /no Segmind API at the Base URL/],
	[302, /redirects to another URL/],
	[307, /redirects to another URL/],
	[429, /rate limit.*try again in a minute/],
	[500, /not available.*try again later/],
	[503, /not available.*\(HTTP 503\)/],
])('has words for a %d', (status, words) => {
	expect(verdictOn(status)).toMatch(words);
});

it('says of each URL what it is for', () => {
	const urls = new SegmindApi().properties.filter(({ displayName }) => displayName.endsWith('URL'));
	expect(urls.map(({ displayName }) => displayName)).toEqual(['Base URL', 'Storage URL', 'History URL']);
	for (const { description } of urls) expect(description).toMatch(/^Where .*\./);
});

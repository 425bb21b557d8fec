import fc from 'fast-check';

import { cleanSecret, readBaseUrl } from '../../../../nodes/KlingMotionControl/parameters/credentialUrl';

const FALLBACK = 'https://api.segmind.com';

describe('readBaseUrl', () => {
	it.each<[unknown, string]>([
		[undefined, FALLBACK],
		[null, FALLBACK],
		['', FALLBACK],
		[' \u200B\n', FALLBACK],
		['https://api.segmind.com', 'https://api.segmind.com'],
		['https://api.segmind.com/', 'https://api.segmind.com'],
		['https://api.segmind.com//', 'https://api.segmind.com'],
		['https://api.segmind.com/v1', 'https://api.segmind.com'],
		['https://api.segmind.com/v1/', 'https://api.segmind.com'],
		['https://api.segmind.com/v2', 'https://api.segmind.com'],
		['https://api.segmind.com/V2//', 'https://api.segmind.com'],
		['https://api.segmind.com/v1/v2/', 'https://api.segmind.com'],
		['  https://api.segmind.com/v1\n', 'https://api.segmind.com'],
		['\uFEFFhttps://api.seg\u200Bmind.com', 'https://api.segmind.com'],
		['HTTPS://API.Segmind.COM', 'https://api.segmind.com'],
		['https:/api.segmind.com', 'https://api.segmind.com'],
		['https:\\\\api.segmind.com\\v1', 'https://api.segmind.com'],
		['https://api-latest.segmind.com/v1', 'https://api-latest.segmind.com'],
		['https://api.segmind.com:443', 'https://api.segmind.com'],
		['http://127.0.0.1:4010', 'http://127.0.0.1:4010'],
		['http://localhost:8080/v1', 'http://localhost:8080'],
		['http://[::1]:8080/', 'http://[::1]:8080'],
		['http://segmind-proxy', 'http://segmind-proxy'],
		['https://proxy.corp/segmind/v1', 'https://proxy.corp/segmind'],
		['https://proxy.corp/segmind/', 'https://proxy.corp/segmind'],
		['https://proxy.corp/a//b/', 'https://proxy.corp/a//b'],
		['https://proxy.corp/v1/segmind', 'https://proxy.corp/v1/segmind'],
		['https://proxy.corp/v3', 'https://proxy.corp/v3'],
		['https://proxy.corp/v10', 'https://proxy.corp/v10'],
		['https://proxy.corp/dev1', 'https://proxy.corp/dev1'],
		['https://müller.de', 'https://xn--mller-kva.de'],
	])('%p is %s', (value, url) => expect(readBaseUrl(value, FALLBACK)).toEqual({ value: url }));

	it.each<[unknown, string]>([
		['api.segmind.com', 'must begin with https://'],
		['api.segmind.com:443', 'must begin with https://'],
		['//api.segmind.com', 'must begin with https://'],
		['localhost:8080', 'must begin with https://'],
		['/v1', 'must begin with https://'],
		['ftp://api.segmind.com', 'must begin with https://'],
		['file:///v1', 'must begin with https://'],
		['"https://api.segmind.com"', 'must begin with https://'],
		['httpsx://api.segmind.com', 'must begin with https://'],
		['https://', 'is not a valid URL'],
		['https:///', 'is not a valid URL'],
		['https://api segmind.com', 'is not a valid URL'],
		['https://api.segmind.com/v1 /v2', 'is not a valid URL'],
		['https://api.segmind.com\nhttps://b.com', 'is not a valid URL'],
		['https://api.segmind.com:99999', 'is not a valid URL'],
		['https://user@api.segmind.com', 'must not contain a username or password'],
		['https://:secret@api.segmind.com', 'must not contain a username or password'],
		['https://user:secret@api.segmind.com/?a', 'must not contain a username or password'],
		['https://api.segmind.com/v1?key=1', 'must not contain “?” or “#”'],
		['https://api.segmind.com/?', 'must not contain “?” or “#”'],
		['https://api.segmind.com/#', 'must not contain “?” or “#”'],
		[`https://api.segmind.com/${'a'.repeat(2_048)}`, 'is too long for a URL'],
		[5, 'must be a URL, not 5'],
		[true, 'must be a URL, not true'],
		[['https://api.segmind.com'], 'must be a URL, not a list'],
		[{}, 'must be a URL, not an object'],
	])('%p is refused', (value, problem) => expect(readBaseUrl(value, FALLBACK)).toEqual({ problem }));

	it('has no fallback where there is none', () => expect(readBaseUrl(' ', '')).toEqual({ value: '' }));

	it('gives what it would give again, with no slash at its end, for any value', () => {
		const path = fc.array(fc.constantFrom('/', 'v1', 'v2', 'V1', 'a', '.', '..', '%2F', '\\', ' ', '\u200B'));
		const url = path.map((parts) => `https://proxy.corp${parts.join('')}`);
		fc.assert(
			fc.property(fc.oneof(url, fc.anything()), (value) => {
				const reading = readBaseUrl(value, FALLBACK);
				if ('problem' in reading) return;
				expect(readBaseUrl(reading.value, '')).toEqual(reading);
				expect(reading.value).not.toMatch(/(?:\/|\/v[12])$/i);
			}),
		);
	});
});

describe('cleanSecret', () => {
	it.each<[unknown, string]>([
		['SG_0123456789abcdef', 'SG_0123456789abcdef'],
		[' SG_0123\n', 'SG_0123'],
		['SG_\r\n01 23\t', 'SG_0123'],
		['\uFEFFSG_\u200B01\u00A023\u2060\u00AD\u202C\u0000', 'SG_0123'],
		['\u06CC\u200D\u06CC', '\u06CC\u06CC'],
		['"SG_0123"', 'SG_0123'],
		["'SG_0123'\n", 'SG_0123'],
		['“SG_0123”', 'SG_0123'],
		['Bearer SG_0123', 'SG_0123'],
		['bearer "SG_0123"', 'SG_0123'],
		['x-api-key: SG_0123', 'SG_0123'],
		['"X-API-KEY": "SG_0123"', 'SG_0123'],
		['SG_bearer', 'SG_bearer'],
		['Bearer', ''],
		['', ''],
		[' \n ', ''],
		[undefined, ''],
		[null, ''],
		[5, ''],
		[{}, ''],
		[['SG_1'], ''],
	])('%j is %j', (value, secret) => expect(cleanSecret(value)).toBe(secret));

	it('leaves nothing to take away', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary' }), (text) => {
				const secret = cleanSecret(text);
				expect(secret).not.toMatch(/[\s\p{Cc}\p{Cf}]/u);
				expect(cleanSecret(secret)).toBe(secret);
			}),
		);
	});
});

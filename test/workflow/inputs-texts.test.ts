import { startFakeSegmind, type FakeServer } from '../support/fakeSegmind/server';
import { refusalOf, refused, submitAll } from '../support/inputs';
import { SAMPLE_BODY } from '../support/parameters';
import { runSample } from '../support/sample';

const VALUE = '={{ $json.value }}';
const items = (values: unknown[]) => values.map((value) => ({ json: { value } as never }));

describe('a prompt', () => {
	it.each<[unknown, string]>([
		['a cat', 'a cat'],
		[' a\ncat\t', ' a\ncat\t'],
		['say "miau" \\ {{ $json.x }}', 'say "miau" \\ {{ $json.x }}'],
		['猫 и 🐈‍⬛', '猫 и 🐈‍⬛'],
		['a\u200Bcat', 'a\u200Bcat'],
		['null', 'null'],
		[5, '5'],
		[0, '0'],
		[-1.5, '-1.5'],
		[true, 'true'],
		[false, 'false'],
	])('%j is sent as %j', async (value, prompt) => {
		const { outcomes } = await submitAll(items([value]), { prompt: VALUE });
		const { character_orientation, keep_original_sound, image_url, video_url } = SAMPLE_BODY;
		const body = { prompt, character_orientation, keep_original_sound, image_url, video_url };
		expect(outcomes[0]).toEqual({ body: JSON.stringify(body), hints: [], image: undefined, video: undefined });
	});

	it.each<[unknown, string]>([
		[['a', 'b'], 'must be text, not a list'],
		[[], 'must be text, not an empty list'],
		[[['a']], 'must be text, not a list'],
		[{ text: 'a' }, 'must be text, not an object'],
		[{}, 'must be text, not an object'],
		['', 'is empty'],
		[' \n\t', 'is empty'],
		['\u200B\uFEFF', 'is empty'],
	])('%j %s', async (value, problem) => {
		expect(await refusalOf({ prompt: VALUE }, { json: { value } as never })).toEqual(
			refused(`Prompt ${problem}`, 'Correct “Prompt”.'),
		);
	});

	it.each([
		[
			'{{ $json.prompt }}',
			'contains an expression that n8n did not evaluate',
			'Switch the field from Fixed to Expression.',
		],
		[
			'a {{$("Form").item.json.who}} dances',
			'contains an expression that n8n did not evaluate',
			'Switch the field from Fixed to Expression.',
		],
		[
			'=a {{ $json.value }} dances',
			'contains “[object Object]”: its expression gave an object',
			'Use a field of the object in the expression, such as {{ $json.scene.text }}.',
		],
		[
			"={{ $json.name + ' dances' }}",
			'contains “undefined”: a part of its expression found nothing',
			"Check the field's name in the expression.",
		],
		[
			'={{ `a ${$json.name}, dancing` }}',
			'contains “undefined”: a part of its expression found nothing',
			"Check the field's name in the expression.",
		],
	])('%j %s', async (prompt, problem, todo) => {
		const refusal = await refusalOf({ prompt }, { json: { value: { text: 'cat' } } });
		expect(refusal).toEqual(refused(`Prompt ${problem}`, todo));
	});

	it.each(['{ $json.prompt }', '{{ a }} dances', 'an {object} and a $5 note', 'object Object', 'undefined dances'])(
		'%j is a text',
		async (prompt) => {
			const { outcomes } = await submitAll(items(['x']), { prompt });
			expect(outcomes[0]?.body).toContain(`{"prompt":${JSON.stringify(prompt)},`);
		},
	);

	it.each([
		[2_500, []],
		[2_501, ['The prompt has 2,501 characters: Kling takes at most 2,500.']],
		[10_000, ['The prompt has 10,000 characters: Kling takes at most 2,500.']],
	])('of %d characters is sent, with a hint where Kling takes fewer', async (length, hints) => {
		for (const character of ['x', '🐈']) {
			const { outcomes } = await submitAll(items([character.repeat(length)]), { prompt: VALUE });
			expect(outcomes[0]?.body).toContain(`{"prompt":"${character.repeat(length)}",`);
			expect(outcomes[0]?.hints).toEqual(hints);
		}
	});
});

describe('a number', () => {
	it.each<[unknown, string]>([
		[2, '2'],
		['2', '2'],
		[' 2\n', '2'],
		['\u200B2', '2'],
		['+2', '2'],
		['2.', '2'],
		['1.5', '1.5'],
		['.5', '0.5'],
	])('%j for Timeout is %s minutes', async (value, minutes) => {
		const { error, server } = await runSample(
			{ latency: 1e9 },
			{ options: { checkUrls: false, timeout: VALUE, pollInterval: '10' } },
			{ input: items([value]) },
		);
		await server.close();
		expect(error?.message).toMatch(new RegExp(`^The video was not ready after ${minutes} minutes \\(QUEUED\\)`));
	});

	it.each<[unknown, number]>([
		[1, 1],
		['1', 1],
		[' 2 ', 2],
		['2.9', 2],
		['0.5', 1],
		[100, 6],
	])('%j for Max Concurrency works on %d of six items at a time', async (maxConcurrency, most) => {
		let open = 0;
		let peak = 0;
		const { server, error } = await runSample(
			{
				fault(_request, route) {
					if (route === 'submit') peak = Math.max(peak, ++open);
					if (route === 'media') open--;
					return undefined;
				},
			},
			{ options: { checkUrls: false, maxConcurrency, pollInterval: '1' } },
			{ input: items([1, 2, 3, 4, 5, 6]) },
		);
		await server.close();
		expect(error).toBeUndefined();
		expect(peak).toBe(most);
	});

	it.each<[unknown, number]>([
		[2, 2],
		['2', 2],
		[' 2\n', 2],
		['2.0', 2],
		['0', 0],
	])('%j for Max Paid Requests buys no three videos', async (value, most) => {
		const input = items([value, value, value]);
		expect(await refusalOf({ options: { checkUrls: false, maxRequests: VALUE } }, {}, { input })).toEqual(
			refused(
				`3 videos would cost about $3; this node may buy ${most} in one execution`,
				'Raise Max Paid Requests, or send fewer items. Items 1 and 2 failed for the same reason.',
			),
		);
	});

	it.each<[string, unknown, string]>([
		['maxConcurrency', 'three', 'must be a number above 0, not “three”'],
		['maxConcurrency', 0, 'must be a number above 0, not 0'],
		['maxConcurrency', '0', 'must be a number above 0, not “0”'],
		['maxConcurrency', -1, 'must be a number above 0, not -1'],
		['maxConcurrency', '', 'must be a number above 0, not empty'],
		['maxConcurrency', true, 'must be a number above 0, not true'],
		['maxConcurrency', [3], 'must be a number above 0, not a list'],
		['pollInterval', '5s', 'must be a number above 0, not “5s”'],
		['pollInterval', '0x10', 'must be a number above 0, not “0x10”'],
		['pollInterval', '1e3', 'must be a number above 0, not “1e3”'],
		['pollInterval', {}, 'must be a number above 0, not an object'],
		['maxRequests', 'many', 'must be a whole number, 0 or more, not “many”'],
		['maxRequests', 1.5, 'must be a whole number, 0 or more, not 1.5'],
		['maxRequests', -1, 'must be a whole number, 0 or more, not -1'],
		['maxRequests', '', 'must be a whole number, 0 or more, not empty'],
		['reuseWithin', 169, 'must be a number from 0 to 168, not 169'],
		['reuseWithin', 'a day', 'must be a number from 0 to 168, not “a day”'],
		['reuseWithin', true, 'must be a number from 0 to 168, not true'],
		['timeout', 56, 'must be a number above 0, at most 55, not 56'],
		['timeout', '60 minutes', 'must be a number above 0, at most 55, not “60 minutes”'],
		['timeout', '٣', 'must be a number above 0, at most 55, not “٣”'],
		['timeout', 'Infinity', 'must be a number above 0, at most 55, not “Infinity”'],
	])('%s is not %j', async (option, value, problem) => {
		const labels: Record<string, string> = {
			maxConcurrency: 'Max Concurrency',
			maxRequests: 'Max Paid Requests',
			pollInterval: 'Poll Interval (Seconds)',
			reuseWithin: 'Reuse Within (Hours)',
			timeout: 'Timeout (Minutes)',
		};
		const label = labels[option];
		const refusal = await refusalOf({ options: { checkUrls: false, [option]: VALUE } }, { json: { value } as never });
		expect(refusal).toEqual(refused(`${label} ${problem}`, `Correct “${label}”.`));
	});

	it('is not 1,5, which may mean two things', async () => {
		expect(await refusalOf({ options: { pollInterval: '1,5' } })).toEqual(
			refused('Poll Interval (Seconds) must be a number above 0, not “1,5”', 'Use a decimal point instead of a comma.'),
		);
	});
});

describe('the field for the video', () => {
	it.each<[unknown, string]>([
		['clip', 'clip'],
		[' clip\n', 'clip'],
		['\u200Bclip', 'clip'],
		[5, '5'],
		['my clip', 'my clip'],
		['constructor', 'constructor'],
	])('%j is %j', async (value, field) => {
		const { items: output, server } = await runSample(
			{},
			{ options: { checkUrls: false, binaryPropertyName: VALUE } },
			{ input: items([value]) },
		);
		await server.close();
		expect(Object.keys(output[0]?.binary ?? {})).toEqual([field]);
	});

	it.each<[unknown, string]>([
		['', 'is empty'],
		['\u200B ', 'is empty'],
		[['data'], 'must be text, not a list'],
		[{}, 'must be text, not an object'],
	])('is not %j', async (value, problem) => {
		const options = { checkUrls: false, binaryPropertyName: VALUE };
		expect(await refusalOf({ options }, { json: { value } as never })).toEqual(
			refused(`Put Output File in Field ${problem}`, 'Correct “Put Output File in Field”.'),
		);
	});
});

describe('a request ID', () => {
	let server: FakeServer;
	let id: string;
	beforeEach(async () => {
		server = await startFakeSegmind();
		await runSample(server, { operation: 'submit', options: { checkUrls: false } });
		id = server.segmind.jobs[0]?.id ?? '';
	});
	afterEach(async () => await server.close());

	it.each<[string, (id: string) => string]>([
		['as it is', (text) => text],
		['in white space', (text) => ` ${text}\r\n`],
		['with what nobody sees', (text) => `\u200B${text}\uFEFF`],
		['with what nobody sees inside', (text) => `${text.slice(0, 8)}\u2060${text.slice(8)}`],
		['in quotes', (text) => `"${text}"`],
		['as a list of one in JSON', (text) => `["${text}"]`],
		['as the URL of its status', (text) => `https://api.segmind.com/v2/requests/${text}/status`],
	])('%s is asked for', async (_how, written) => {
		const options = { pollInterval: 1, downloadVideo: false };
		const { items: output } = await runSample(
			server,
			{ operation: 'getVideo', requestId: VALUE, options },
			{ input: items([written(id)]) },
		);
		expect(output[0]?.json).toMatchObject({ request_id: id, status: 'COMPLETED' });
	});

	it('may be a number', async () => {
		const { error } = await runSample(server, { operation: 'getVideo', requestId: VALUE }, { input: items([12_345]) });
		expect(error?.message).toBe('Segmind does not know this request: Request 12345 not found');
	});

	it.each<[unknown, string]>([
		['', 'is empty'],
		[' ', 'is empty'],
		['a b', 'must be the request_id of an earlier request, not “a b”'],
		['../credits', 'must be the request_id of an earlier request, not “../credits”'],
		['a?b', 'must be the request_id of an earlier request, not “a?b”'],
		['..', 'must be the request_id of an earlier request, not “..”'],
		[
			'https://api.segmind.com/v2/models/1',
			'must be the request_id of an earlier request, not “https://api.segmind.com/v2/models/1”',
		],
		[['a', 'b'], 'must be the request_id of an earlier request, not a list'],
		[{}, 'must be the request_id of an earlier request, not an object'],
		[true, 'must be the request_id of an earlier request, not true'],
	])('is not %j', async (value, problem) => {
		const refusal = await refusalOf({ operation: 'getVideo', requestId: VALUE }, { json: { value } as never });
		expect(refusal).toEqual(refused(`Request ID ${problem}`, 'Correct “Request ID”.'));
	});

	it.each([null, undefined])('is not %p, which an expression gives that finds nothing', async (value) => {
		const refusal = await refusalOf({ operation: 'getVideo', requestId: VALUE }, { json: { value } as never });
		expect(refusal).toEqual(
			refused(
				`Request ID is empty: its expression gave ${value}`,
				'Check the field names in the expression, including upper and lower case.',
			),
		);
	});
});

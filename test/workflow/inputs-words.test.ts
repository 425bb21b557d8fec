import { startFakeSegmind, type FakeServer } from '../support/fakeSegmind/server';
import { refusalOf, refused, submitAll } from '../support/inputs';
import { SAMPLE_BODY } from '../support/parameters';
import { startReferenceHost, type ReferenceHost } from '../support/referenceHost';
import { runSample } from '../support/sample';

/** By expressions, as an item's own values come. */
const VALUE = '={{ $json.value }}';
const TRUE: unknown[] = [true, 'true', 'True', 'TRUE', ' true\n', '\u200Btrue', 'yes', 'Yes', 'YES', 'on', '1', 1];
const FALSE: unknown[] = [
	false,
	'false',
	'False',
	'FALSE',
	' false\n',
	'fal\u00ADse',
	'no',
	'No',
	'NO',
	'off',
	'Off',
	'0',
	0,
];
const NEITHER: Array<[unknown, string]> = [
	['', 'empty'],
	[' ', 'empty'],
	['maybe', '“maybe”'],
	['nope', '“nope”'],
	['null', '“null”'],
	['true false', '“true false”'],
	['1.0', '“1.0”'],
	[2, '2'],
	[-1, '-1'],
	[[], 'an empty list'],
	[[true], 'a list'],
	[{}, 'an object'],
];
const items = (values: unknown[]) => values.map((value) => ({ json: { value } as never }));

describe('a boolean', () => {
	it.each([...TRUE.map((value) => [value, true]), ...FALSE.map((value) => [value, false])])(
		'%j for Keep Original Sound is sent as %j',
		async (value, sent) => {
			const { outcomes } = await submitAll(items([value]), { keepOriginalSound: VALUE });
			expect(outcomes[0]?.body).toContain(`,"keep_original_sound":${String(sent)},`);
		},
	);

	it('for Download Video decides whether there is a file', async () => {
		const input = items([...TRUE, ...FALSE]);
		const { items: output, server } = await runSample(
			{},
			{ options: { checkUrls: false, downloadVideo: VALUE, maxConcurrency: 25 } },
			{ input },
		);
		await server.close();
		expect(output.map(({ binary }) => binary !== undefined)).toEqual([
			...TRUE.map(() => true),
			...FALSE.map(() => false),
		]);
		expect(server.segmind.requestsTo('media')).toHaveLength(TRUE.length);
	});

	describe('for a request that is not ready', () => {
		let server: FakeServer;
		beforeEach(async () => {
			server = await startFakeSegmind({
				latency: 1e9,
				// the third look finds it ready
				fault(_request, route, count) {
					if (route === 'status' && count === 2) server.segmind.settings.latency = 0;
					return undefined;
				},
			});
		});
		afterEach(async () => await server.close());

		it.each([...TRUE.map((value) => [value, 'COMPLETED']), ...FALSE.map((value) => [value, 'QUEUED'])])(
			'%j for Wait for Completion gives it as %s',
			async (value, status) => {
				await runSample(server, { operation: 'submit', options: { checkUrls: false } });
				const requestId = server.segmind.jobs[0]?.id;
				const options = { waitForCompletion: VALUE, pollInterval: 1, downloadVideo: false };
				const { items: output } = await runSample(
					server,
					{ operation: 'getVideo', requestId, options },
					{ input: items([value]) },
				);
				expect(output[0]?.json).toMatchObject({ request_id: requestId, status });
			},
		);
	});

	describe('for Check URLs', () => {
		let host: ReferenceHost;
		beforeEach(
			async () => (host = await startReferenceHost((_request, response) => void response.writeHead(500).end())),
		);
		afterEach(async () => await host.close());

		it.each([...TRUE.map((value) => [value, 1]), ...FALSE.map((value) => [value, 0])])(
			'%j makes %d requests',
			async (value, count) => {
				const imageUrl = `${host.url}/a.jpg`;
				await submitAll(items([value]), { imageUrl, videoUrl: imageUrl, options: { checkUrls: VALUE } });
				expect(host.seen).toHaveLength(Number(count));
			},
		);
	});

	it.each([...TRUE.map((value) => [value, 2]), ...FALSE.map((value) => [value, 1])])(
		'%j for Return All gives %d of two requests, with a limit of 1',
		async (value, count) => {
			const { server } = await submitAll(items([1, 2]), {});
			const open = await startFakeSegmind();
			for (const { model, request } of server.segmind.jobs) open.segmind.remember({ model, request, age: 60_000 });
			const { items: output } = await runSample(
				open,
				{ operation: 'getRequests', returnAll: VALUE, limit: 1 },
				{ input: items([value]) },
			);
			await open.close();
			expect(output).toHaveLength(Number(count));
		},
	);

	it.each(NEITHER)('is not %j', async (value, told) => {
		const problem = `must be true or false, not ${told}`;
		const item = { json: { value } as never };
		expect(await refusalOf({ keepOriginalSound: VALUE }, item)).toEqual(
			refused(`Keep Original Sound ${problem}`, 'Correct “Keep Original Sound”.'),
		);
		for (const [option, label] of [
			['downloadVideo', 'Download Video'],
			['checkUrls', 'Check URLs'],
		] as const) {
			const options = { checkUrls: false, [option]: VALUE };
			expect(await refusalOf({ options }, item)).toEqual(refused(`${label} ${problem}`, `Correct “${label}”.`));
		}
		expect(await refusalOf({ operation: 'getRequests', returnAll: VALUE }, item)).toEqual(
			refused(`Return All ${problem}`, 'Correct “Return All”.'),
		);
		const wait = { operation: 'getVideo', requestId: 'a', options: { waitForCompletion: VALUE } };
		expect(await refusalOf(wait, item)).toEqual(
			refused(`Wait for Completion ${problem}`, 'Correct “Wait for Completion”.'),
		);
	});
});

describe('a choice', () => {
	it.each([
		['image', 'image'],
		['Image', 'image'],
		['IMAGE', 'image'],
		[' image\n', 'image'],
		['Ima\u200Bge', 'image'],
		['Video', 'video'],
		['\uFEFFvideo', 'video'],
	])('%j for Character Orientation is sent as %s', async (value, sent) => {
		const { outcomes } = await submitAll(items([value]), { characterOrientation: VALUE });
		expect(JSON.parse(outcomes[0]?.body ?? '')).toEqual({ ...SAMPLE_BODY, character_orientation: sent });
	});

	it.each([
		['kling-2.6-pro-motion-control', 'pro'],
		['Kling 2.6 Pro Motion Control', 'pro'],
		['KLING 2.6 PRO MOTION CONTROL', 'pro'],
		[' kling_2.6_pro_motion_control ', 'pro'],
		['Kling 2.6 Standard Motion Control', 'standard'],
	])('%j for Model is sent to %s', async (model, name) => {
		const { server } = await submitAll(items([model]), { model: VALUE });
		expect(server.segmind.posts.map(({ path }) => path)).toEqual([`/v2/kling-2.6-${name}-motion-control`]);
	});

	it.each([
		['sync', 'blocking'],
		['Blocking', 'blocking'],
		['async', 'submit'],
		['Submit and Poll', 'submit'],
		['submit_and_poll', 'submit'],
		['AUTO', 'submit'],
	] as const)('%j for API Mode goes by %s', async (apiMode, route) => {
		const { server, error } = await runSample({}, { options: { checkUrls: false, apiMode } });
		await server.close();
		expect(error).toBeUndefined();
		expect(server.segmind.posts.map((request) => request.route)).toEqual([route]);
	});

	const models = 'Kling 2.6 Standard Motion Control, Kling 2.6 Pro Motion Control';
	it.each([
		['characterOrientation', 'Character Orientation', 'Image, Video', 'img', '“img”'],
		['characterOrientation', 'Character Orientation', 'Image, Video', '', 'empty'],
		['characterOrientation', 'Character Orientation', 'Image, Video', ['image'], 'a list'],
		['characterOrientation', 'Character Orientation', 'Image, Video', 1, '1'],
		['model', 'Model', models, 'pro', '“pro”'],
		['model', 'Model', models, 'kling-3.0-motion-control', '“kling-3.0-motion-control”'],
		['model', 'Model', models, 'constructor', '“constructor”'],
		['imageSource', 'Image Source', 'URL, File From Previous Node', 'drive', '“drive”'],
		['videoSource', 'Video Source', 'URL, File From Previous Node', 'file', '“file”'],
		['options.apiMode', 'API Mode', 'Auto, Blocking, Submit and Poll', 'v2', '“v2”'],
		['options.apiMode', 'API Mode', 'Auto, Blocking, Submit and Poll', {}, 'an object'],
	])('%s is not %j', async (parameter, label, choices, value, told) => {
		const [name, option] = parameter.split('.');
		const given = option ? { options: { checkUrls: false, [option]: VALUE } } : { [name as string]: VALUE };
		expect(await refusalOf(given, { json: { value } as never })).toEqual(
			refused(`${label} must be one of ${choices}, not ${told}`, `Correct “${label}”.`),
		);
	});
});

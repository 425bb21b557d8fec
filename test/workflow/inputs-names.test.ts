import { bytesOf } from '../support/inProcessN8n';
import { refusalOf, refused } from '../support/inputs';
import { mediaFile } from '../support/mediaFiles';
import { runSample } from '../support/sample';

/** The videos of a run whose items want these names, stored by the name and type that they got. */
async function stored(names: unknown[], video = 'usual.mp4', headers: Record<string, string> = {}, apiMode = 'auto') {
	const { items, server, error } = await runSample(
		{
			video: () => mediaFile(video),
			fault: (_request, route) => (['media', 'blocking'].includes(route) ? { headers } : undefined),
		},
		{ options: { checkUrls: false, fileName: '={{ $json.name }}', pollInterval: 1, maxConcurrency: 20, apiMode } },
		{ input: names.map((name) => ({ json: { name } as never })) },
	);
	await server.close();
	expect(error).toBeUndefined();
	for (const item of items) expect((await bytesOf(item)).equals(mediaFile(video))).toBe(true);
	return items.map(({ json, binary }) => ({
		name: binary?.data?.fileName?.replace(String(json.request_id), 'ID'),
		type: binary?.data?.mimeType,
	}));
}

const NAMES: Array<[given: unknown, name: string]> = [
	['Cats/Dogs dance', 'Cats_Dogs dance'],
	['Cats\\Dogs dance', 'Cats_Dogs dance'],
	['a/b//c', 'a_b_c'],
	['2026/11/26 10:30', '2026_11_26 10_30'],
	['/etc/passwd', '_etc_passwd'],
	['../../etc/passwd', '_.._etc_passwd'],
	['C:\\temp\\dance', 'C__temp_dance'],
	['dance', 'dance'],
	[' dance\n', 'dance'],
	['\u200Bdance\uFEFF', 'dance'],
	['da\u200Bnce\u202E', 'dance'],
	['dance.mov', 'dance'],
	['dance.AVI', 'dance'],
	['dance.webm', 'dance'],
	['dance.jpg', 'dance'],
	['dance.flv', 'dance'],
	['dance.mp4', 'dance'],
	['dance.', 'dance'],
	['dance.mov.', 'dance'],
	['dance.mov.mp4', 'dance.mov'],
	['x.constructor', 'x.constructor'],
	['x.toString', 'x.toString'],
	['x.__proto__', 'x.__proto__'],
	['constructor', 'constructor'],
	['__proto__', '__proto__'],
	['v1.2', 'v1.2'],
	['dance.final', 'dance.final'],
	['dance.tar.gz', 'dance.tar.gz'],
	['dance.html', 'dance.html'],
	['.hidden', 'hidden'],
	['a & b\'s "dance"?', "a & b's _dance__"],
	['été 猫', 'été 猫'],
	['🐈‍⬛ dance', '🐈‍⬛ dance'],
	['a\nb\u0000c', 'a_bc'],
	[5, '5'],
	[0, '0'],
	[false, 'false'],
	['x'.repeat(300), 'x'.repeat(200)],
	['🐈'.repeat(300), '🐈'.repeat(200)],
	['', 'ID'],
	[' ', 'ID'],
	['\u200B', 'ID'],
	['..', 'ID'],
];

describe.each([
	['usual.mp4', 'mp4', 'video/mp4', {}],
	['clip.webm', 'webm', 'video/webm', {}],
	['clip.mov', 'mov', 'video/quicktime', { 'content-type': 'application/octet-stream' }],
	['clip.mkv', 'mkv', 'video/x-matroska', { 'content-type': 'video/mp4' }],
] as const)('the name of a video whose bytes are %s', (video, extension, type, headers) => {
	let videos: Awaited<ReturnType<typeof stored>>;
	beforeAll(async () => {
		const given = NAMES.map(([name]) => name);
		videos = await stored(given, video, headers);
	});

	it('no name but an extension is the usual name', async () => {
		const videos = await stored(['.mp4', ' .MOV'], video, headers);
		expect(videos.map(({ name }) => name)).toEqual([`ID.${extension}`, `ID.${extension}`]);
	});

	it.each(NAMES.map(([given, name], index) => [given, name, index] as const))('%j keeps %j', (given, name, index) => {
		// a name that has the right extension already stays as it is
		const [, right = name] = /^(.*)\.(\w+)$/.exec(String(given)) ?? [];
		const kept = String(given).endsWith(`.${extension}`) ? right : name;
		expect(videos[index]).toEqual({ name: `${kept}.${extension}`, type });
	});
});

it.each([
	['usual.mp4', ['dance.MP4', 'dance.m4v', 'dance.mp4']],
	['clip.mov', ['dance.MOV', 'dance.qt', 'dance.mov']],
	['clip.webm', ['dance.WebM']],
])('an extension that is right for %s is kept as it is spelled', async (video, names) => {
	expect((await stored(names, video)).map(({ name }) => name)).toEqual(names);
});

it('is the same where v1 sends the bytes itself', async () => {
	const names = ['Cats/Dogs dance', 'dance.mov', 'x.constructor', ''];
	expect((await stored(names, 'usual.mp4', {}, 'sync')).map(({ name }) => name)).toEqual([
		'Cats_Dogs dance.mp4',
		'dance.mp4',
		'x.constructor.mp4',
		'kling-motion-ID.mp4',
	]);
});

it.each<[unknown, string]>([
	[['a'], 'a list'],
	[[], 'an empty list'],
	[{ name: 'a' }, 'an object'],
])('is not %j', async (value, told) => {
	const options = { checkUrls: false, fileName: '={{ $json.value }}' };
	expect(await refusalOf({ options }, { json: { value } as never })).toEqual(
		refused(`File Name must be text, not ${told}`, 'Correct “File Name”.'),
	);
});

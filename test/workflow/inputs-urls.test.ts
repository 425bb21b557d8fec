import { refusalOf, refused, submitAll, type Outcome } from '../support/inputs';
import { SAMPLE_BODY } from '../support/parameters';

const X = 'https://files.example.com/cat.jpg';
const PRESIGNED =
	'https://b.s3.eu-central-1.amazonaws.com/in/a%20b%2Bc%20(1).jpg?X-Amz-Credential=AKIA%2F20261101%2Fs3%2Faws4_request&X-Amz-Date=20261101T120000Z&response-content-disposition=attachment%3B%20filename%3D%22a.jpg%22&X-Amz-Signature=ce80%3D';
const ID = '1AbCdEfGhIjKlMnOpQrStUvWxYz012345';
const DRIVE = `https://drive.google.com/uc?export=download&id=${ID}`;
const DRIVE_HINT =
	'The Google Drive link was changed to its download link. Share the file with anyone who has the link. For large files, Google returns a warning page instead.';
const DROPBOX_HINT = 'The Dropbox link was changed to its download link.';

/** What was given, and the URL that is sent for it; `undefined`: the same. */
const SENT: Array<[given: unknown, sent?: string, hint?: string]> = [
	[X],
	[PRESIGNED],
	['https://acct.blob.core.windows.net/c/a.jpg?se=2026-11-02T00:00:00Z&sig=abc%2Bdef%2Fghi%3D'],
	['https://storage.googleapis.com/b/o.jpg?GoogleAccessId=svc@proj.iam.gserviceaccount.com&Signature=V%2B%2BK%3D'],
	['https://d1.cloudfront.net/i.jpg?Expires=1&Signature=nitf~yY-j19__&Key-Pair-Id=K2'],
	['https://api.telegram.org/file/bot1:AAH-x_y/photos/file_1.jpg'],
	['https://cdn.discordapp.com/attachments/1/2/a.png?ex=65&is=65&hm=24&'],
	['https://wsrv.nl/?url=https://example.com/a.jpg&w=300'],
	['https://example.com/a%252Fb%2e?c=%E4&d[]=1&g=%'],
	['https://example.com/a;v=1/b:c!d*e/f=g,h'],
	['http://203.0.113.5:8080/a.jpg'],
	['https://[2606:4700::1111]/a.jpg'],
	['https://pbs.twimg.com/media/x?format=jpg&name=large'],
	['https://i.imgur.com/abc.jpg'],
	[` ${X}\n`, X],
	[`\u200B${X}\uFEFF`, X],
	['https://files.\u200Bexample.com/c\u00ADat.jpg', X],
	['https://files.example.com/\r\ncat.jpg', X],
	['https://files.example.com/\t  cat.jpg', X],
	[`${PRESIGNED.slice(0, 76)}\n${PRESIGNED.slice(76)}\n`, PRESIGNED],
	[`"${X}"`, X],
	[`<${X}>`, X],
	[`[a cat](${X})`, X],
	[`[a cat](${X} "A cat")`, X],
	[`![](${X} 'A cat')`, X],
	[`\\"${X}\\"`, X],
	['https:&#x2F;&#x2F;files.example.com&#x2F;cat.jpg', X],
	[[X], X],
	[[` ${X}`], X],
	[JSON.stringify([X]), X],
	['https:/files.example.com/cat.jpg', X],
	['https:files.example.com/cat.jpg', X],
	['https//files.example.com/cat.jpg', X],
	['htps://files.example.com/cat.jpg', X],
	['https:\\/\\/files.example.com\\/cat.jpg', X],
	['HTTPS://Files.Example.com/cat.jpg', X],
	['https://files.example.com/my cat.jpg', 'https://files.example.com/my%20cat.jpg'],
	['https://files.example.com/été.jpg', 'https://files.example.com/%C3%A9t%C3%A9.jpg'],
	['https://files.example.com/猫 1%20.jpg', 'https://files.example.com/%E7%8C%AB%201%20.jpg'],
	['https://files.example.com/a\u00A0b.jpg', 'https://files.example.com/a%C2%A0b.jpg'],
	['https://files.example.com/?q=a b|c', 'https://files.example.com/?q=a%20b|c'],
	['https://bücher.example/a.jpg', 'https://xn--bcher-kva.example/a.jpg'],
	['https://files.example.com/?a=1&amp;b=2', 'https://files.example.com/?a=1&b=2'],
	['https://files.example.com', 'https://files.example.com/'],
	[`https://drive.google.com/file/d/${ID}/view?usp=sharing`, DRIVE, DRIVE_HINT],
	[`https://drive.google.com/file/d/${ID}/preview`, DRIVE, DRIVE_HINT],
	[`https://drive.google.com/open?id=${ID}&authuser=0`, DRIVE, DRIVE_HINT],
	[`https://drive.google.com/uc?export=view&id=${ID}`, DRIVE, DRIVE_HINT],
	[`https://drive.google.com/file/u/1/d/${ID}/edit?resourcekey=0-a_B`, `${DRIVE}&resourcekey=0-a_B`, DRIVE_HINT],
	[DRIVE],
	['https://www.dropbox.com/s/abc/a.jpg?dl=0', 'https://www.dropbox.com/s/abc/a.jpg?dl=1', DROPBOX_HINT],
	['https://www.dropbox.com/s/abc/a.jpg', 'https://www.dropbox.com/s/abc/a.jpg?dl=1', DROPBOX_HINT],
	[
		'https://www.dropbox.com/scl/fi/abc/a%20b.jpg?rlkey=x&st=y&dl=0',
		'https://www.dropbox.com/scl/fi/abc/a%20b.jpg?rlkey=x&st=y&dl=1',
		DROPBOX_HINT,
	],
	['https://www.dropbox.com/s/abc/a.jpg?raw=1'],
	['https://dl.dropboxusercontent.com/s/abc/a.jpg'],
	[
		'https://github.com/a/b/blob/main/c.png',
		'https://raw.githubusercontent.com/a/b/main/c.png',
		'The GitHub link was changed to the URL of the file itself, which must be public.',
	],
];

describe.each(['image', 'video'] as const)('what is sent for the %s URL', (name) => {
	let outcomes: Outcome[];
	beforeAll(async () => {
		const input = SENT.map(([given]) => ({ json: { given } as never }));
		({ outcomes } = await submitAll(input, { [`${name}Url`]: '={{ $json.given }}' }));
	});

	it.each(SENT.map(([given, sent = given], index) => [given, sent, index] as const))('%j', (_given, sent, index) => {
		const { prompt, character_orientation, keep_original_sound, image_url, video_url } = SAMPLE_BODY;
		const body = { prompt, character_orientation, keep_original_sound, image_url, video_url };
		expect(outcomes[index]).toMatchObject({ body: JSON.stringify({ ...body, [`${name}_url`]: sent }) });
	});
});

it.each(SENT.flatMap(([given, , hint]) => (hint ? [[given, hint]] : [])))(
	'hints that %s was changed',
	async (given, hint) => {
		const { outcomes } = await submitAll([{ json: { given } as never }], { imageUrl: '={{ $json.given }}' });
		expect(outcomes[0]?.hints).toEqual([`Image URL: ${hint as string}`]);
	},
);

const PUBLIC = 'Use a public URL, or choose File From Previous Node as the source.';
const FILE = 'Choose File From Previous Node as the source.';
const DOWNLOAD = 'Download the file first and choose File From Previous Node, or use a direct link.';
const ITSELF = 'Use an expression that gives the URL itself, such as {{ $json.url }}.';
const page = (name: string): [string, string] => [`is ${name} page, not an image file`, DOWNLOAD];
const private_ = (host: string): [string, string] => [`points to ${host}, which Segmind cannot reach`, PUBLIC];
const TWO: [string, string] = ['contains more than one URL', 'Enter one URL per item.'];
const WORDS: [string, string] = ['contains text besides the URL', 'Enter the URL alone.'];
const SCHEME: [string, string] = ['must begin with https://', 'Write https:// in front of it.'];
const PATH: [string, string] = ['is a path on a computer, which Segmind cannot reach', PUBLIC];
const CORRECT = 'Correct “Image URL”.';

describe('what is no URL of a file that Segmind can fetch is refused by what it is', () => {
	it.each<[unknown, [problem: string, todo: string]]>([
		[`${X} ${X}`, TWO],
		[`${X}\n${X}`, TWO],
		[`${X},${X}`, TWO],
		[`${X}; ${X}`, TWO],
		[JSON.stringify([X, X]), TWO],
		[
			[X, X],
			['must be a URL, not a list', ITSELF],
		],
		[[], ['must be a URL, not an empty list', ITSELF]],
		[[[X]], ['must be a URL, not a list', ITSELF]],
		[JSON.stringify([X, '']), ['must be a URL, not a list', ITSELF]],
		[JSON.stringify([X, null]), ['must be a URL, not a list', ITSELF]],
		['[]', ['must be a URL, not an empty list', ITSELF]],
		['""', ['contains quotation marks, but no URL', CORRECT]],
		[{ url: X }, ['must be a URL, not an object', ITSELF]],
		[[{ url: X }], ['must be a URL, not an object', ITSELF]],
		[5, ['must be a URL, not 5', ITSELF]],
		[false, ['must be a URL, not false', ITSELF]],
		[`Image: ${X}`, WORDS],
		[`{"url":"${X}"}`, WORDS],
		[`<img src="${X}">`, WORDS],
		['/home/node/cat.jpg', PATH],
		['C:\\Users\\me\\cat.jpg', PATH],
		['~/cat.jpg', PATH],
		['./cat.jpg', PATH],
		['\\\\nas\\cat.jpg', PATH],
		['file:///home/node/cat.jpg', ['points to a file on a computer, which Segmind cannot reach', PUBLIC]],
		['cat.jpg', ['must be a URL that begins with https://, not “cat.jpg”', CORRECT]],
		['N/A', ['must be a URL that begins with https://, not “N/A”', CORRECT]],
		['ftp://files.example.com/cat.jpg', ['must be a URL that begins with https://, not ftp:', CORRECT]],
		['files.example.com/cat.jpg', SCHEME],
		['//files.example.com/cat.jpg', SCHEME],
		['www.example.com', SCHEME],
		['data:image/png;base64,iVBORw0KGgo=', ['is a data URL, which contains the file instead of pointing to it', FILE]],
		['/9j/4AAQSkZJRgABAQAAAQABAAD', ['is the content of a file, not its URL', FILE]],
		['blob:https://n8n.example.com/1', ['is a blob URL, which works only in the browser that made it', PUBLIC]],
		[
			'filesystem-v2:workflows/1/executions/2/binary_data/3',
			["is n8n's internal reference to a file, not a URL", FILE],
		],
		[
			's3://bucket/cat.jpg',
			[
				'is a cloud storage path (s3://), not a URL',
				'Use a presigned URL of the file, or choose File From Previous Node as the source.',
			],
		],
		[
			'{{ $json.url }}',
			['contains an expression that n8n did not evaluate', 'Switch the field from Fixed to Expression.'],
		],
		['[object Object]', ['must be a URL, not an object', "Check the field's name in the expression."]],
		[
			'https://user:secret@example.com/a.jpg',
			['contains a username or password, which would be sent to Segmind', PUBLIC],
		],
		['https://', ['is not a valid URL', CORRECT]],
		['https://ex ample.com/a.jpg', ['is not a valid URL', CORRECT]],
		['https://example.com:99999/a.jpg', ['is not a valid URL', CORRECT]],
		[`https://example.com/${'a'.repeat(9_000)}`, ['is too long for a URL: more than 8,192 characters', CORRECT]],
		['http://localhost:5678/webhook/cat.jpg', private_('localhost')],
		['localhost:9000/cat.jpg', private_('localhost')],
		['http://127.0.0.1/cat.jpg', private_('127.0.0.1')],
		['http://2130706433/cat.jpg', private_('127.0.0.1')],
		['http://[::1]/cat.jpg', private_('[::1]')],
		['http://10.1.2.3/cat.jpg', private_('10.1.2.3')],
		['http://172.20.0.2/cat.jpg', private_('172.20.0.2')],
		['192.168.1.20/cat.jpg', private_('192.168.1.20')],
		['http://169.254.169.254/latest', private_('169.254.169.254')],
		['http://[fd12::1]/cat.jpg', private_('[fd12::1]')],
		['http://minio:9000/b/cat.jpg', private_('minio')],
		['https://nas.local/cat.jpg', private_('nas.local')],
		['http://localhost.localdomain/cat.jpg', private_('localhost.localdomain')],
		['https://files.corp/cat.jpg', private_('files.corp')],
		['https://files.intranet/cat.jpg', private_('files.intranet')],
		['http://host.docker.internal/cat.jpg', private_('host.docker.internal')],
		[`https://drive.google.com/drive/folders/${ID}`, page('a Google Drive')],
		['https://www.dropbox.com/scl/fo/abc/h?rlkey=x&dl=0', page('a Dropbox')],
		['https://www.youtube.com/watch?v=dQw4w9WgXcQ', page('a YouTube')],
		['https://youtu.be/dQw4w9WgXcQ', page('a YouTube')],
		['https://www.tiktok.com/@a/video/1', page('a TikTok')],
		['https://vm.tiktok.com/ZM1/', page('a TikTok')],
		['https://www.instagram.com/reel/C1/', page('an Instagram')],
		['https://1drv.ms/i/s!Aq', page('a OneDrive')],
		['https://contoso-my.sharepoint.com/:i:/g/personal/x', page('a SharePoint')],
		['https://www.icloud.com/iclouddrive/0a', page('an iCloud')],
		['https://photos.app.goo.gl/x', page('a Google Photos')],
		['https://x.com/a/status/1', page('an X')],
		['https://imgur.com/abc', page('an Imgur')],
	])('%j', async (given, [problem, todo]) => {
		const refusal = await refusalOf({ imageUrl: '={{ $json.given }}' }, { json: { given } as never });
		expect(refusal).toEqual(refused(`Image URL ${problem}`, todo));
		expect(JSON.stringify(refusal)).not.toContain('secret');
	});

	it('of the video too, by its own name', async () => {
		const todo = 'Download the file first and choose File From Previous Node, or use a direct link.';
		expect(await refusalOf({ videoUrl: 'https://youtu.be/x' })).toEqual(
			refused('Video URL is a YouTube page, not a video file', todo),
		);
	});
});

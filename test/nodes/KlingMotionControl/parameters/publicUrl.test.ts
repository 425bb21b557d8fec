import fc from 'fast-check';

import { readPublicUrl } from '../../../../nodes/KlingMotionControl/parameters/publicUrl';

const PUBLIC = 'Use a public URL, or choose File From Previous Node as the source.';
const FILE = 'Choose File From Previous Node as the source.';
const EXPRESSION = "Check the field's name in the expression.";
const X = 'https://x.com/a.jpg';

function read(value: unknown) {
	return readPublicUrl(value, 'image');
}

describe('a URL as it should be stays byte for byte', () => {
	const SIGV4 =
		'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=ASIAIOSFODNN7EXAMPLE%2F20261101%2Feu-central-1%2Fs3%2Faws4_request&X-Amz-Date=20261101T120000Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=host';
	it.each([
		'https://segmind-resources.s3.amazonaws.com/output/ada5c480-9051-4852-beac-cc6c6a17184f-kling-motion-std-ip-image.jpeg',
		`https://bucket.s3.eu-central-1.amazonaws.com/in/a%20b%2Bc%20(1).jpg?${SIGV4}&X-Amz-Signature=ce80156d648142563ef1e3be3f41a3b4b901ac14c3add2db8f1adc99b50ab173`,
		`https://s3.amazonaws.com/my_bucket/a%2Fb.mp4?${SIGV4}&X-Amz-Security-Token=IQoJb3JpZ2luX2VjEJr%2F%2F%2F%2BwEaDGV1%3D%3D&X-Amz-Signature=1&x-id=GetObject`,
		`https://b.s3.amazonaws.com/a.mp4?response-content-disposition=attachment%3B%20filename%3D%22my%20video.mp4%22%3B%20filename%2A%3DUTF-8%27%27my%2520video.mp4&${SIGV4}`,
		'https://b.s3.amazonaws.com/a.jpg?AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Expires=1524730260&Signature=EnVTV05ZHhJZX8TeDVmj05SoPPM%3D',
		'https://b.s3.amazonaws.com/a.jpg?AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Expires=1524730260&Signature=vaA9AlyNECMpiOZyOVOM+GR8/MmedEyJTNveQPc+PeI=',
		'https://storage.googleapis.com/b/o.mp4?X-Goog-Algorithm=GOOG4-RSA-SHA256&X-Goog-Credential=svc%40proj.iam.gserviceaccount.com%2F20261101%2Fauto%2Fstorage%2Fgoog4_request&X-Goog-Date=20261101T120000Z&X-Goog-Expires=900&X-Goog-SignedHeaders=host&X-Goog-Signature=7be1',
		'https://storage.googleapis.com/b/o.mp4?GoogleAccessId=svc@proj.iam.gserviceaccount.com&Expires=1458238630&Signature=VVUgfqviDCov%2B%2BKnmVOkwBR2olSbId51kSib%3D%3D',
		'https://firebasestorage.googleapis.com/v0/b/p.appspot.com/o/images%2Fcat%20(1).jpg?alt=media&token=0e4e2b6e-6b1b-4f0a-9f7e-1a2b3c4d5e6f',
		'https://acct.blob.core.windows.net/c/a.jpg?sp=r&st=2026-11-01T00:00:00Z&se=2026-11-02T00:00:00Z&spr=https&sv=2024-11-04&sr=b&sig=abc%2Bdef%2Fghi%3D',
		'https://acct.blob.core.windows.net/c/a%20b.jpg?sv=2024-11-04&se=2026-11-02T00%3A00%3A00Z&sr=b&sp=r&rscd=inline%3B%20filename%3Da.jpg&sig=Z%2FRHIX5Xcg0Mq2rqI3OlWTjEg2tYkboXr1P9ZUXDtkk%3D',
		'https://d111111abcdef8.cloudfront.net/image.jpg?color=red&size=medium&Expires=1767290400&Signature=nitfHRCrtziwO2HwPfWw~yYDhUF5EwRunQA-j19DzZrvDh6hQ73lDx~-ar3UocvvRQVw6EkC~GdpGQyyOSKQim-TxAnW7d8F5Kkai9HVx0FIu-5jcQb0UEmatEXAMPLE3ReXySpLSMj0yCd3ZAB4UcBCAqEijkytL6f3fVYNGQI6&Key-Pair-Id=K2JCJMDEHXQW5F',
		'https://d111111abcdef8.cloudfront.net/a.mp4?Policy=eyANCiAgICJTdGF0ZW1lbnQiOiBbeyANCiAg__&Signature=nitfHRCrtziwO2HwPfWw~yYDh__&Key-Pair-Id=K2JCJMDEHXQW5F',
		`https://0123456789abcdef.r2.cloudflarestorage.com/b/a.mp4?${SIGV4}&X-Amz-Signature=1`,
		'https://f002.backblazeb2.com/file/bucket/a%20b.mp4?Authorization=3_20261101120000_0123abcd_dnld=',
		'https://abc.supabase.co/storage/v1/object/sign/b/a.png?token=eyJhbGciOiJIUzI1NiJ9.eyJ1cmwiOiJiL2EucG5nIn0.x-Y_z',
		'https://b.oss-cn-hangzhou.aliyuncs.com/a.jpg?Expires=1767290400&OSSAccessKeyId=TMP.3Kf&Signature=%2BxY%2Fz%3D&x-oss-process=image/resize,w_300',
		'https://b-1250000000.cos.ap-guangzhou.myqcloud.com/a.mp4?q-sign-algorithm=sha1&q-ak=AK&q-sign-time=1767290400;1767294000&q-key-time=1767290400;1767294000&q-header-list=host&q-url-param-list=&q-signature=1',
		'https://cdn.discordapp.com/attachments/1/2/a.png?ex=65d903de&is=65c68ede&hm=2481f30dd67f503f54d020ae3b5533b9987fae4e55f2b4e3926e08a3fa3ee24f&',
		'https://v5.airtableusercontent.com/v3/u/30/30/1700000000000/AbC-_/dEf/gHi',
		`https://prod-files-secure.s3.us-west-2.amazonaws.com/1/2/a.png?${SIGV4}&X-Amz-Signature=1&X-Amz-SignedHeaders=host&x-id=GetObject`,
		'https://api.telegram.org/file/bot123456:AAH-x_y/photos/file_1.jpg',
		'https://res.cloudinary.com/demo/image/upload/c_fill,w_300,h_300/v1/a.jpg',
		'https://res.cloudinary.com/demo/image/fetch/w_300/https://example.com/a.jpg?b=1',
		'https://wsrv.nl/?url=https://example.com/a.jpg&w=300',
		'https://example.com/combine?images=https://a.com/a.jpg,https://b.com/b.jpg',
		'https://example.com/_next/image?url=%2Fmedia%2Fa.jpg&w=640&q=75',
		'https://i0.wp.com/example.com/a.jpg?resize=300%2C300&ssl=1',
		'https://static.wixstatic.com/media/a_b~mv2.jpg/v1/fill/w_1,h_1,al_c,q_80/a.jpg',
		'https://cdn.shopify.com/s/files/1/0001/products/a.jpg?v=1700000000',
		'https://lh3.googleusercontent.com/a/ACg8ocK=s96-c',
		'https://replicate.delivery/xezq/AbC/output.mp4',
		'https://ipfs.io/ipfs/bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi',
		'https://cdn.jsdelivr.net/npm/@scope/pkg@1.0.0/a.png',
		'https://example.com/a;jsessionid=1/b:c!d*e/f=g',
		'https://example.com/a%252Fb%2e%7E?c=%E4%F6&d[]=1&e[f]=2&g=%',
		'https://example.com/a.jpg?',
		'https://example.com/a.jpg#xywh=0,0,10,10',
		'https://example.com/a.jpg#',
		"https://example.com/it's(1).jpg",
		'https://example.com/a.jpg?b=c.mp4,',
		'https://example.com/a,b;c!.',
		'https://example.com/a.jpg/(1)',
		'https://example.com/?q=`x`|y\\z',
		'https://example.com/a?b=1&c=2&amp;d=3',
		'https://example.com/',
		'https://example.com./a.jpg',
		'https://example.com:8443/a.jpg',
		'http://example.com/a.jpg',
		'https://xn--mnchen-3ya.de/a.jpg',
		'https://my_bucket.example.com/a.jpg',
		'https://203.0.113.5/a.jpg',
		'https://[2606:4700::1111]/a.jpg',
		'https://a.test/a.jpg',
		'https://a.example/a.jpg',
		`https://example.com/${'a'.repeat(8_172)}`,
	])('%s', (url) => {
		expect(new URL(url).href).toBe(url);
		expect(read(url)).toEqual({ value: url });
	});
});

describe('an empty field', () => {
	it.each([[''], [' '], ['\n\t\u00A0'], ['\u200B\uFEFF\u200D\u202A'], [['']]])('%j is left out', (value) =>
		expect(read(value)).toEqual({ value: undefined }),
	);

	it.each([[undefined], [null], ['undefined'], ['null'], [[null]], [' undefined\n'], ['"null"']])(
		'%j is not meant',
		(value) => {
			const gave = JSON.stringify(value ?? String(value)).includes('null') ? 'null' : 'undefined';
			expect(read(value)).toEqual({ problem: `is empty: its expression gave ${gave}`, todo: EXPRESSION });
		},
	);
});

it.each<[unknown, string]>([
	[[], 'an empty list'],
	[[X, X], 'a list'],
	[[[X]], 'a list'],
	[[{ url: X }], 'an object'],
	[{ url: X }, 'an object'],
	[new URL(X), 'an object'],
	[5, '5'],
	[0, '0'],
	[NaN, 'NaN'],
	[true, 'true'],
	[Symbol('x'), 'a symbol'],
])('%j is no URL', (value, words) =>
	expect(read(value)).toEqual({
		problem: `must be a URL, not ${words}`,
		todo: 'Use an expression that gives the URL itself, such as {{ $json.url }}.',
	}),
);

describe('tidies what leaves no doubt', () => {
	it.each<[unknown, string]>([
		[[X], X],
		[` ${X}\n`, X],
		[`\uFEFF${X}\u200B`, X],
		['https://\u200Bx.com/\u00ADa\u2060.jpg\u202C', X],
		['https://x.com/\na.jpg', X],
		['https://x.com/\r\n    a.jpg', X],
		['https://x.c\tom/a.jpg', X],
		['https://x.com/\u2028a.jpg\u0000', X],
		[`${X},`, X],
		[`${X};`, X],
		[`${X}.`, X],
		[`${X}).`, X],
		[`${X}]`, X],
		[`${X}!`, X],
		['https://x.com/a.MOV...', 'https://x.com/a.MOV'],
		[`"${X}"`, X],
		[`'${X}'`, X],
		[`\`${X}\``, X],
		[`“${X}”`, X],
		[`„${X}“`, X],
		[`«${X}»`, X],
		[`‘${X}’`, X],
		[`” ${X} ”`, X],
		[`"${X}`, X],
		[`${X}"`, X],
		[`"${X}",`, X],
		[`'${X}';`, X],
		[`<${X}>`, X],
		[`> ${X}`, X],
		[`(${X})`, X],
		[`["${X}"]`, X],
		[`"'<${X}>'"`, X],
		[`<${X}|${X}>`, X],
		[`<${X}|a.jpg>`, X],
		[`[a](${X})`, X],
		[`[${X}](${X})`, X],
		[`![a b](${X})`, X],
		[`[a](<${X}>)`, X],
		['[a](https://x.com/a_(b).jpg)', 'https://x.com/a_(b).jpg'],
		['(https://x.com/a_(b).jpg)', 'https://x.com/a_(b).jpg'],
		['https://x.com/a_(b)', 'https://x.com/a_(b)'],
		['https://x.com/a(b.jpg)', 'https://x.com/a(b.jpg)'],
		[`**${X}**`, X],
		[`*${X}*`, X],
		[`_${X}_`, X],
		[`~~${X}~~`, X],
		[`‹${X}›`, X],
		[`「${X}」`, X],
		[`[a](${X}).`, X],
		['https://x.com/a_', 'https://x.com/a_'],
		['https://x.com/a.jpg?d=a; filename="b c.jpg"', 'https://x.com/a.jpg?d=a;%20filename=%22b%20c.jpg%22'],
		[`${X}\\n`, X],
		[`${X}\\r\\n`, X],
		['https:\\u002F\\u002Fx.com\\u002Fa.jpg', X],
		['https\\u003a\\u002f\\u002fx.com\\u002fa.jpg', X],
		['https:\\x2F\\x2Fx.com\\x2Fa.jpg', X],
		['https%3A%2F%2Fx.com%2Fa.jpg', X],
		['https%3A%2F%2Fx.com%2Fa%2520b.jpg%3Fc%3D1%26d%3D2', 'https://x.com/a%20b.jpg?c=1&d=2'],
		['https://x.com/?a=1&#38;b=2&#x26;c=3', 'https://x.com/?a=1&b=2&c=3'],
		["https://x.com/a'", "https://x.com/a'"],
		['https://x.com/a,', 'https://x.com/a,'],
		['https://x.com/a.', 'https://x.com/a.'],
		['HTTPS://X.com/A.jpg', 'https://x.com/A.jpg'],
		['Https://X.com/a.jpg', X],
		['https:/x.com/a.jpg', X],
		['https:x.com/a.jpg', X],
		['https:///x.com/a.jpg', X],
		['https:\\\\x.com\\a.jpg', X],
		['https//x.com/a.jpg', X],
		['https;//x.com/a.jpg', X],
		['https.//x.com/a.jpg', X],
		['https: //x.com/a.jpg', X],
		['https://  x.com/a.jpg', X],
		['https ://x.com/a.jpg', X],
		['ttps://x.com/a.jpg', X],
		['htps://x.com/a.jpg', X],
		['hhttpss://x.com/a.jpg', X],
		['ttp://x.com/a.jpg', 'http://x.com/a.jpg'],
		['https://https://x.com/a.jpg', X],
		['http://https://x.com/a.jpg', X],
		['http://https//x.com/a.jpg', X],
		['https://http.com/a.jpg', 'https://http.com/a.jpg'],
		['https:\\/\\/x.com\\/a.jpg', X],
		['"https:\\/\\/x.com\\/a.jpg"', X],
		['https://x.com/?a=1&amp;b=2&amp;c=3', 'https://x.com/?a=1&b=2&c=3'],
		['https://x.com/a&amp;b.jpg', 'https://x.com/a&amp;b.jpg'],
		['https://x.com/?a=1&amp;amp;b=2', 'https://x.com/?a=1&b=2'],
		['https://x.com/?a=1&b=2&amp;c=3', 'https://x.com/?a=1&b=2&amp;c=3'],
		['https://x.com/?u=1&amp;https://y.com', 'https://x.com/?u=1&https://y.com'],
		['https://x.com/?a\\u003d1\\u0026b=2\\u002B3', 'https://x.com/?a=1&b=2+3'],
		['https://x.com/my photo.jpg', 'https://x.com/my%20photo.jpg'],
		['https://x.com/?q=a b', 'https://x.com/?q=a%20b'],
		['https://x.com/a (1).jpg', 'https://x.com/a%20(1).jpg'],
		['https://x.com/a\u00A0b\u202Fc.jpg', 'https://x.com/a%C2%A0b%E2%80%AFc.jpg'],
		['https://x.com/été/日本.jpg', 'https://x.com/%C3%A9t%C3%A9/%E6%97%A5%E6%9C%AC.jpg'],
		['https://x.com/été%2F%20.jpg', 'https://x.com/%C3%A9t%C3%A9%2F%20.jpg'],
		['https://x.com/👩\u200D👧.jpg', 'https://x.com/%F0%9F%91%A9%E2%80%8D%F0%9F%91%A7.jpg'],
		['https://München.de/a.jpg', 'https://xn--mnchen-3ya.de/a.jpg'],
		['https://例え.jp', 'https://xn--r8jz45g.jp/'],
		['https://x.com:443/a/./b/../a.jpg', 'https://x.com/a/a.jpg'],
		['https://x.com', 'https://x.com/'],
		['https://x.com?a=b', 'https://x.com/?a=b'],
		['https://@x.com/a.jpg', X],
	])('%j is %s', (value, url) => expect(read(value)).toEqual({ value: url }));

	it.each([
		'x.com/a.jpg',
		'www.x.com',
		'WWW.X.com/A',
		'//x.com/a.jpg',
		'//x.com',
		'"x.com/a.jpg"',
		'x.com?a=b',
		'cdn.example.co.uk/a.jpg',
		'x.com:8443/a.jpg',
		'b.s3.amazonaws.com/a.jpg?X-Amz-Signature=1',
		'wsrv.nl/?url=https://x.com/a.jpg',
		'x.com/?i=https://a.com,https://b.com',
		'x.com/fetch/https://y.com/a,https://z.com/b',
		'münchen.de/bild.jpg',
	])('asks for the scheme of %j, which is missing', (value) =>
		expect(read(value)).toEqual({ problem: 'must begin with https://', todo: 'Write https:// in front of it.' }),
	);
});

describe('refuses', () => {
	it.each(['https:///cat.jpg', 'https:///motion.mp4?x=1', 'https://cat.webp/'])(
		'what is left without a host: %s',
		(value) => {
			expect(read(value)).toMatchObject({ problem: expect.stringMatching(/^names no host, only \w+\.\w+$/) as string });
		},
	);

	it('no host of a top-level domain', () => expect(read('https://a.mov')).toEqual({ value: 'https://a.mov/' }));

	it.each([
		[`${X} https://y.com/b.jpg`],
		[`${X}\nhttps://y.com/b.jpg`],
		[`${X}\t"https://y.com/b.jpg"`],
		[`${X},https://y.com/b.jpg`],
		[`${X}, http://y.com/b.jpg`],
		[`${X};https://y.com/b.jpg`],
		[`${X}|https://y.com/b.jpg`],
		[`${X}\u200B ${X}`],
		[`["${X}","${X}"]`],
		['["https:\\/\\/x.com\\/a","https:\\/\\/y.com\\/b"]'],
		[`<${X}> <${X}>`],
		['https://x.com/a?b=1,https://y.com/b?c=1'],
		['x.com/a.jpg,https://y.com/b.jpg'],
		['https://x.comhttps://|https://y.com'],
		['https//x.com/a.jpg;https://y.com/b.jpg'],
		['https://x.com/a.jpg,ht\ntps://y.com/b.jpg'],
	])('two URLs: %j', (value) =>
		expect(read(value)).toEqual({
			problem: 'contains more than one URL',
			todo: 'Enter one URL per item.',
		}),
	);

	it.each([
		[`Image: ${X}`],
		[`see ${X}`],
		[`url=${X}`],
		[`{"url":"${X}"}`],
		[`view-source:${X}`],
		[`img src="${X}"`],
		[`a/b: ${X}`],
		[`photo.jpg,${X}`],
	])('other text: %j', (value) =>
		expect(read(value)).toEqual({ problem: 'contains text besides the URL', todo: 'Enter the URL alone.' }),
	);

	it.each([
		['localhost', 'http://localhost/a.jpg'],
		['localhost', 'http://localhost:5678/rest/binary-data?id=1'],
		['localhost', 'localhost:5678/a.jpg'],
		['localhost', 'localhost'],
		['app.localhost', 'https://app.localhost/a.jpg'],
		['127.0.0.1', 'http://127.0.0.1:8080/a.jpg'],
		['127.0.0.1', 'http://127.1/a.jpg'],
		['127.0.0.1', 'http://0x7f.0.0.1/a.jpg'],
		['127.0.0.1', 'http://2130706433/a.jpg'],
		['127.0.0.1', 'http://0177.0.0.1/a.jpg'],
		['127.0.0.1', 'http://%31%32%37.0.0.1/a.jpg'],
		['127.0.0.1', 'http://１２７.0.0.1/a.jpg'],
		['0.0.0.0', 'http://0.0.0.0/a.jpg'],
		['10.1.2.3', 'https://10.1.2.3/a.jpg'],
		['172.16.0.1', 'https://172.16.0.1/a.jpg'],
		['192.168.1.5', '192.168.1.5/a.jpg'],
		['100.64.0.1', 'https://100.64.0.1/a.jpg'],
		['169.254.169.254', 'http://169.254.169.254/latest/meta-data'],
		['[::1]', 'http://[::1]:3000/a.jpg'],
		['[fd12::1]', 'http://[fd12::1]/a.jpg'],
		['[fe80::1]', 'http://[fe80::1]/a.jpg'],
		['[::ffff:7f00:1]', 'http://[::ffff:127.0.0.1]/a.jpg'],
		['nas.local', 'http://nas.local/a.jpg'],
		['nas.local', 'nas.local/a.jpg'],
		['host.docker.internal', 'http://host.docker.internal:9000/a.jpg'],
		['box.lan', 'https://box.lan/a.jpg'],
		['nas.home.arpa', 'https://nas.home.arpa/a.jpg'],
		['minio', 'http://minio:9000/bucket/a.jpg'],
		['minio', 'minio:9000/bucket/a.jpg'],
		['intranet', 'https://intranet/a.jpg'],
		[`${'a'.repeat(60)}…`, `https://${'a'.repeat(61)}/a.jpg`],
	])('%s: %s', (host, value) => {
		expect(read(value)).toEqual({ problem: `points to ${host}, which Segmind cannot reach`, todo: PUBLIC });
	});

	it.each([
		['is a path on a computer, which Segmind cannot reach', PUBLIC, '/home/a.jpg'],
		['is a path on a computer, which Segmind cannot reach', PUBLIC, '"C:\\Users\\a.jpg"'],
		['is a path on a computer, which Segmind cannot reach', PUBLIC, 'c:/a.jpg'],
		['is a path on a computer, which Segmind cannot reach', PUBLIC, './a.png'],
		['is a path on a computer, which Segmind cannot reach', PUBLIC, '..\\a.png'],
		['is a path on a computer, which Segmind cannot reach', PUBLIC, '~/a.png'],
		['is a path on a computer, which Segmind cannot reach', PUBLIC, '\\\\server\\share\\a.png'],
		['points to a file on a computer, which Segmind cannot reach', PUBLIC, 'file:///home/a.jpg'],
		['points to a file on a computer, which Segmind cannot reach', PUBLIC, 'FILE://C:/a.jpg'],
		['is a data URL, which contains the file instead of pointing to it', FILE, 'data:image/png;base64,iVBORw0KGgo='],
		[
			'is a data URL, which contains the file instead of pointing to it',
			FILE,
			`"Data:image/png;base64,${'A'.repeat(100_000)}"`,
		],
		['is a blob URL, which works only in the browser that made it', PUBLIC, 'blob:https://x.com/1-2-3'],
		["is n8n's internal reference to a file, not a URL", FILE, 'filesystem-v2'],
		["is n8n's internal reference to a file, not a URL", FILE, 'filesystem-v2:workflows/1/executions/2/binary_data/3'],
		["is n8n's internal reference to a file, not a URL", FILE, 'database:3e4e2b6e-6b1b-4f0a-9f7e-1a2b3c4d5e6f'],
		["is n8n's internal reference to a file, not a URL", FILE, 's3:workflows/1/executions/2/binary_data/3'],
		['is the content of a file, not its URL', FILE, `/9j/4AAQSkZJRg${'A'.repeat(100_000)}`],
		['is the content of a file, not its URL', FILE, 'iVBORw0KGgoAAAANSUhEUgAA'],
		['is the content of a file, not its URL', FILE, 'UklGRiQAAABXRUJQVlA4'],
		['is the content of a file, not its URL', FILE, 'AAAAIGZ0eXBpc29tAAACAGlzb21pc28y'],
		['must be a URL, not an object', EXPRESSION, '[object Object]'],
		['must be a URL, not an object', EXPRESSION, 'https://example.com/[object Object]'],
		['must be a URL, not an object', EXPRESSION, 'https://example.com/a.jpg?x=[object Promise]'],
		['must be a URL, not an object', EXPRESSION, '[Object: {"url":"https://x.com"}]'],
		['must be a URL, not an object', EXPRESSION, '[Array: ["https://x.com"]]'],
		[
			'contains an expression that n8n did not evaluate',
			'Switch the field from Fixed to Expression.',
			'{{ $json.url }}',
		],
		[
			'contains an expression that n8n did not evaluate',
			'Switch the field from Fixed to Expression.',
			'https://x.com/{{$json.id}}.jpg',
		],
		['contains the placeholder ${id}, which was not filled in', EXPRESSION, 'https://x.com/${id}.jpg'],
		['contains the placeholder {{photo}}, which was not filled in', EXPRESSION, '{{photo}}'],
		[
			'contains the placeholder {{ 1.image_url }}, which was not filled in',
			EXPRESSION,
			'https://x.com/{{ 1.image_url }}',
		],
		...['s3', 'gs', 'az', 'abfss', 'r2', 'oss', 'cos'].map((scheme): [string, string, string] => [
			`is a cloud storage path (${scheme}://), not a URL`,
			'Use a presigned URL of the file, or choose File From Previous Node as the source.',
			`${scheme}://bucket/a.jpg`,
		]),
		['contains a username or password, which would be sent to Segmind', PUBLIC, 'https://user:secret@x.com/a.jpg'],
		['contains a username or password, which would be sent to Segmind', PUBLIC, 'https://user@x.com/a.jpg'],
		['contains a username or password, which would be sent to Segmind', PUBLIC, 'http://:secret@localhost/a.jpg'],
		[
			'is a YouTube page, not an image file',
			'Download the file first and choose File From Previous Node, or use a direct link.',
			'https://youtu.be/dQw4w9WgXcQ',
		],
	])('%s', (problem, todo, value) => expect(read(value)).toEqual({ problem, todo }));

	it.each([
		['ftp:', 'ftp://x.com/a.jpg'],
		['sftp:', 'sftp://user:secret@x.com/a.jpg'],
		['mailto:', 'mailto:a@x.com'],
		['javascript:', 'javascript:alert(1)'],
		['ipfs:', 'ipfs://bafy'],
		['content:', 'content://media/1'],
		['user:', 'user:secret@x.com/a.jpg'],
		['“photo.jpg”', 'photo.jpg'],
		['“images/photo.jpg”', 'images/photo.jpg'],
		['“folder.v2/photo.jpg”', 'folder.v2/photo.jpg'],
		['“x.com”', 'x.com'],
		['“x.com/”', 'x.com/'],
		['“8.8.8.8/a.jpg”', '8.8.8.8/a.jpg'],
		['“0.5”', '0.5'],
		['“x.photo:80/a”', 'x.photo:80/a'],
		['“the cat”', 'the cat'],
		['“//”', '//'],
		['“,”', ','],
		['“{}”', '{}'],
		[`“[a](${X}) [b](https://y.c…”`, `[a](${X}) [b](https://y.com/b.jpg)`],
	])('%s: %s', (found, value) =>
		expect(read(value)).toEqual({ problem: `must be a URL that begins with https://, not ${found}` }),
	);

	it('quotes no password', () =>
		expect(read('//user:secret@x.com/a.jpg')).toEqual({ problem: 'must be a URL that begins with https://' }));

	it.each([
		'https://',
		'https:',
		'http://?',
		'https://exa mple.com/a',
		'https://x.com:99999/',
		'https://[::1',
		'https://a..b%',
		'https://x_<y>.com',
		'https://@https//',
		'https://ttp/a',
		'https://.com/a',
		'https://a..b.com/x',
	])('what the standard refuses: %s', (value) => expect(read(value)).toEqual({ problem: 'is not a valid URL' }));

	it.each([
		`https://example.com/${'a'.repeat(8_173)}`,
		`https://example.com/${'é'.repeat(2_000)}`,
		'x'.repeat(100_000),
	])('too long', (value) =>
		expect(read(value)).toEqual({ problem: 'is too long for a URL: more than 8,192 characters' }),
	);
});

it.each(['https://example.com/a.jpghttps://example.com/b.jpg', 'https://a.test/a.MP4http://b.test/b.mp4'])(
	'two URLs without anything between them: %s',
	(value) => expect(read(value)).toEqual({ problem: 'contains more than one URL', todo: 'Enter one URL per item.' }),
);

it.each(['https://web.archive.org/web/2020/https://a.test/a.jpg', 'https://proxy.test/?u=https://a.test/a.jpg'])(
	'one URL in another stays: %s',
	(value) => expect(read(value)).toEqual({ value }),
);

it('measures what is sent, and not the white space around it', () =>
	expect(read(`${' \u200B'.repeat(50_000)}${X}${'\n'.repeat(50_000)}`)).toEqual({ value: X }));

it.each(['http://127.0.0.1:4010/a.jpg', 'http://localhost:4010/a.jpg', 'https://minio/a.jpg', 'http://[::1]/a.jpg'])(
	'takes %s where private hosts are allowed',
	(url) => expect(readPublicUrl(url, 'video', { allowPrivate: true })).toEqual({ value: url }),
);

it('asks for a scheme of private hosts too, where they are allowed', () =>
	expect(readPublicUrl('localhost:4010/a.jpg', 'video', { allowPrivate: true })).toEqual({
		problem: 'must be a URL that begins with https://, not “localhost:4010/a.jpg”',
	}));

describe('for any value', () => {
	const PIECES = [
		...[
			'https://',
			'http:/',
			'HTTPS:\\\\',
			'ttps//',
			'ftp://',
			'data:',
			'x.com',
			'www.x.com',
			'youtu.be',
			'drive.google.com',
		],
		...[
			'/file/d/0ByeS4oOUV-49Zzh4R1J6R09zazQ/view',
			'www.dropbox.com/s/a',
			'github.com/o/r/blob/m/',
			'localhost',
			'127.1',
		],
		...[
			'/',
			'//',
			'\\',
			'\\/',
			'.',
			'..',
			'?',
			'#',
			'&',
			'&amp;',
			'\\u0026',
			'=',
			'%',
			'%2F',
			'%2e',
			'+',
			':',
			':80',
			'@',
			',',
		],
		...[
			';',
			'|',
			' ',
			'\n',
			'\t',
			'\u200B',
			'\u200D',
			'\u00A0',
			'é',
			'🙂',
			'\uD83D',
			'"',
			"'",
			'“',
			'”',
			'<',
			'>',
			'(',
			')',
			'[',
		],
		...[']', '](', '{', '{{', '$', '`', 'a.jpg', 'dl=0', 'amp;', 'null'],
	];
	const pasted = fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((pieces) => pieces.join(''));
	const text = fc.oneof(
		pasted,
		pasted.map((rest) => `https://x.com${rest}`),
		fc.webUrl(),
		fc.string({ unit: 'binary' }),
	);

	it('has an answer', () => {
		const value = fc.oneof(
			text,
			fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withTypedArray: true }),
		);
		fc.assert(
			fc.property(value, fc.boolean(), (given, allowPrivate) => {
				const reading = readPublicUrl(given, 'video', { allowPrivate });
				if ('problem' in reading) expect(reading.problem).toMatch(/^[a-z][^\n]{5,150}$/);
				else if (reading.value !== undefined) expect(reading.value).toMatch(/^https?:\/\/[\x21-\x7E]+$/);
			}),
			{ numRuns: 1_000 },
		);
	});

	it('reads what it gave to the same, without a further hint', () => {
		fc.assert(
			fc.property(text, fc.boolean(), (given, allowPrivate) => {
				const reading = readPublicUrl(given, 'video', { allowPrivate });
				if ('problem' in reading || reading.value === undefined) return;
				expect(readPublicUrl(reading.value, 'video', { allowPrivate })).toEqual({ value: reading.value });
			}),
			{ numRuns: 3_000 },
		);
	});

	it('leaves a URL that is written as the standard writes it', () => {
		const part = fc.string({
			unit: fc.constantFrom(...`abcXYZ019-._~!$&'()*+,;=:@/?[]|`, '%2F', '%2B', '%20', '%e9', '%25', '%3D'),
		});
		fc.assert(
			fc.property(part, part, (path, query) => {
				const url = `https://bucket.example.com/${path}?${query}`;
				fc.pre(new URL(url).href === url);
				expect(read(url)).toEqual({ value: url });
			}),
			{ numRuns: 1_000 },
		);
	});

	it.each([
		...[
			' ',
			'\n',
			'\u200D',
			'é\u200D',
			'"',
			'[',
			'(',
			'<',
			'[a](',
			'](',
			'/',
			'\\',
			'\\/',
			'.',
			':',
			'@',
			'%',
			'&amp;',
			'&',
			'\\u0026',
		],
		...[
			'a',
			'h',
			't',
			'ttp:',
			'https',
			'https:',
			'https://',
			',https://',
			'=https://',
			' https://',
			'a.',
			'-.',
			'é',
			'{{',
			'{{ ',
			'1',
		],
		...[
			'https://x.com/',
			'https://www.instagram.com/media/',
			'https://t.sharepoint.com/_layouts/15/',
			'https://gitlab.com/-/blob/',
		],
		...['https://docs.google.com/document/export', 'https://www.dropbox.com/s/&dl=', 'https://vimeo.com/1/'],
	])('is quick with many of %j', (piece) => {
		for (const length of [8_000, 100_000]) {
			const long = piece.repeat(Math.floor(length / piece.length));
			for (const given of [long, `https://x.com/${long}`, `"${long}`, `${long}x`]) {
				const start = performance.now();
				readPublicUrl(given, 'video');
				// A few ms at most when the machine is idle; what grows with the square of the length takes seconds.
				expect(performance.now() - start).toBeLessThan(1_000);
			}
		}
	});
});

import fc from 'fast-check';

import { kindOf, MEDIA, START_BYTES, type MediaKind } from '../../../../nodes/KlingMotionControl/media/kind';
import { box, bytes, MEDIA_FILES, mediaFile, uint32 } from '../../../support/mediaFiles';

const BY_EXTENSION: Record<string, MediaKind> = {
	jpg: 'jpeg',
	png: 'png',
	webp: 'webp',
	gif: 'gif',
	heic: 'heic',
	avif: 'avif',
	bmp: 'bmp',
	tiff: 'tiff',
	mp4: 'mp4',
	mov: 'quicktime',
	webm: 'webm',
	mkv: 'matroska',
	avi: 'avi',
	mpegts: 'mpegts',
	flv: 'flv',
	m4a: 'm4a',
	mp3: 'mp3',
};

it.each(MEDIA_FILES)('kind of %s', (name) => {
	expect(kindOf(mediaFile(name))).toBe(BY_EXTENSION[name.split('.')[1]]);
});

it('has a fixture of each of these kinds', () => {
	expect(new Set(MEDIA_FILES.map((name) => name.split('.')[1]))).toEqual(new Set(Object.keys(BY_EXTENSION)));
});

const ftyp = (major: string, ...compatible: string[]) => box('ftyp', bytes(major, uint32(0), ...compatible));

it.each<[MediaKind | undefined, string, ...string[]]>([
	['mp4', 'isom', 'iso2', 'avc1', 'mp41'],
	['mp4', 'mp42', 'qt  '],
	['mp4', 'M4V '],
	['mp4', '3gp5'],
	['mp4', 'isom', 'avif'],
	['quicktime', 'qt  '],
	['quicktime', 'qt  ', 'mp42'],
	['m4a', 'M4A ', 'mp42', 'isom'],
	['m4a', 'M4B '],
	['heic', 'heic', 'mif1'],
	['heic', 'heix'],
	['heic', 'hevx'],
	['heic', 'mif2'],
	[undefined, 'heiz'],
	[undefined, 'hevz'],
	[undefined, 'mif9'],
	['heic', 'mif1', 'heic', 'hevc'],
	['heic', 'hevc', 'msf1'],
	['avif', 'avif', 'mif1', 'miaf'],
	['avif', 'mif1', 'avif', 'miaf'],
	['avif', 'avis', 'msf1'],
	['mp4', 'niko', 'zzzz', 'mp42', 'qt  '],
	['quicktime', 'CAEP', 'qt  '],
	[undefined, 'jp2 ', 'jp2 '],
	[undefined, 'zzzz'],
])('%s by the brands %s, %s', (kind, major, ...compatible) => {
	expect(kindOf(ftyp(major, ...compatible))).toBe(kind);
});

it.each([
	['as long as it is', ftyp('zzzz', 'mp42')],
	['cut within a brand', bytes(uint32(24), 'ftypzzzz', uint32(0), 'mp42is')],
	['longer than the file', bytes(uint32(0x7fffffff), 'ftypzzzz', uint32(0), 'mp42')],
])('looks at compatible brands of an ftyp box %s', (_case, file) => {
	expect(kindOf(file)).toBe('mp4');
});

it.each([0, 1, 8, 16])('looks at no compatible brand where the ftyp box says %s bytes', (size) => {
	expect(kindOf(bytes(uint32(size), 'ftypzzzz', uint32(0), 'mp42'))).toBeUndefined();
	expect(kindOf(bytes(uint32(size), 'ftypmp42', uint32(0)))).toBe('mp4');
});

it('does not take what follows the ftyp box for a brand', () => {
	expect(kindOf(bytes(ftyp('zzzz'), 'mp42'))).toBeUndefined();
});

it.each(['moov', 'mdat', 'wide', 'free', 'skip', 'pnot'])('an old QuickTime file that begins with %s', (type) => {
	expect(kindOf(bytes(uint32(0x8000), type))).toBe('quicktime');
	expect(kindOf(bytes(uint32(1), type))).toBe('quicktime');
	expect(kindOf(bytes('The ', type))).toBe('text');
});

const ebml = (...type: Array<number | string>) =>
	bytes([0x1a, 0x45, 0xdf, 0xa3, 0x93, 0x42, 0x86, 0x81, 1, 0x42, 0x82], ...type);

it.each<[string, MediaKind | undefined, Uint8Array]>([
	['WebM', 'webm', ebml(0x84, 'webm')],
	['WebM, its size in eight bytes', 'webm', ebml(1, 0, 0, 0, 0, 0, 0, 4, 'webm')],
	['Matroska', 'matroska', ebml(0x88, 'matroska')],
	['what has the type alone', undefined, ebml(0x84, 'webm').subarray(4)],
	['another EBML document', undefined, ebml(0x83, 'abc', 0xff)],
	['a WebM muxed by libmatroska', 'webm', ebml(0x84, 'webm', 'libmatroska')],
	['WAV', 'wav', bytes('RIFF', uint32(4), 'WAVEfmt ')],
	['another RIFF', undefined, bytes('RIFF', uint32(4), 'ACON')],
	['GIF of 1987', 'gif', bytes('GIF87a', 0, 0, 0, 0)],
	['TIFF, big-endian', 'tiff', bytes('MM\0*')],
	['BMP', 'bmp', bytes('BM', 9, 9, 9, 9, 0, 0, 0, 0, 54)],
	['WMV', 'wmv', bytes([0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11, 0xa6, 0xd9])],
	['MPEG program stream', 'mpeg', bytes([0, 0, 1, 0xba, 0x44])],
	['MP3 with tags', 'mp3', bytes('ID3', 3, 0, 0)],
	['MP3 without tags', 'mp3', bytes([0xff, 0xfb, 0x90, 0x64])],
	['Ogg', 'ogg', bytes('OggS', 0, 2)],
	['FLAC', 'flac', bytes('fLaC', 0, 0)],
	['AAC', 'aac', bytes([0xff, 0xf1, 0x50, 0x80])],
	['AAC of MPEG-2', 'aac', bytes([0xff, 0xf9, 0x50, 0x80])],
	['AMR', 'amr', bytes('#!AMR\n', 0x3c)],
	['ICO', 'ico', bytes(0, 0, 1, 0, 1, 0, 16, 16)],
	['PSD', 'psd', bytes('8BPS', 0, 1, 0, 0)],
	['JPEG 2000', 'jp2', bytes([0, 0, 0, 12], 'jP  \r\n\x87\n')],
	['JPEG XL', 'jxl', bytes([0, 0, 0, 12], 'JXL \r\n\x87\n')],
	['a program of Linux', 'program', bytes([0x7f], 'ELF', 2, 1)],
	['a program of Windows', 'program', bytes('MZ', 0x90, 0, 3)],
	['PDF', 'pdf', bytes('%PDF-1.7\n')],
	['ZIP', 'zip', bytes('PK', 3, 4, 20)],
	['ZIP without a file', 'zip', bytes('PK', 5, 6, 0)],
	['gzip', 'gzip', bytes(0x1f, 0x8b, 8, 0)],
	['RAR', 'rar', bytes('Rar!', 0x1a, 7, 0)],
	['7z', 'sevenZip', bytes('7z', 0xbc, 0xaf, 0x27, 0x1c)],
	['Theora in Ogg', 'ogv', bytes('OggS', Buffer.alloc(24), 0x80, 'theora')],
	['nothing', undefined, bytes()],
	['zeros', undefined, Buffer.alloc(100)],
	['a JPEG marker alone', undefined, bytes([0xff, 0xd8])],
])('%s', (_name, kind, start) => {
	expect(kindOf(start)).toBe(kind);
});

describe('a file that was converted to text', () => {
	const files = MEDIA_FILES.filter((name) => !/\.(mpegts|flv)$/.test(name));
	it.each(files)('%s, as UTF-8', (name) => {
		expect(kindOf(Buffer.from(Buffer.from(mediaFile(name)).toString('utf8')))).toBe('mangled');
	});

	it.each(files.filter((name) => /\.(jpg|png)$/.test(name)))('%s, as Latin-1', (name) => {
		expect(kindOf(Buffer.from(Buffer.from(mediaFile(name)).toString('latin1')))).toBe('mangled');
	});

	it.each([
		['a text that lost letters', 'Z\uFFFDrich, G\uFFFDteborg, Malm\uFFFD, \uFFFD'],
		['few losses', '\uFFFD\uFFFD\x01'],
		['a text of Latin-1 letters', 'ÿØ'],
	])('is not %s', (_case, text) => {
		expect(kindOf(Buffer.from(text))).not.toBe('mangled');
	});
});

it.each<[MediaKind, string]>([
	['html', '<!DOCTYPE html><html>'],
	['html', ' \r\n\t<!doctype HTML PUBLIC "-//W3C//DTD XHTML 1.0">'],
	['html', '<html lang="en">'],
	['html', '<?xml version="1.0"?>\n<!DOCTYPE html>'],
	['xml', '<?xml version="1.0"?>\n<htmlx>'],
	['html', '<?xml version="1.0"?><!-- a --><html xmlns="x">'],
	['html', '<!-- a -->\n<!-- b --> <head>'],
	['html', '<!-- one that does not end'],
	['html', '<script>let a = 1;'],
	['html', '<h1>502 Bad Gateway</h1>'],
	['xml', '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code></Error>'],
	['xml', '<?xml version="1.0"?><a>'],
	['svg', '<svg xmlns="http://www.w3.org/2000/svg">'],
	['svg', '<?xml version="1.0"?>\n<!-- Made by hand -->\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x">'],
	['json', '{"error":"not found"}'],
	['json', '\n{ }'],
	['json', '{\n\t"a'],
	['json', '[]'],
	['json', '[ -1, 2'],
	['json', '[{"a":1}]'],
	['text', '[section]\nkey=1'],
	['text', '{\\rtf1'],
	['text', '<Error>'],
	['text', '<a:b xmlns:a="urn:a">'],
	['text', '<svg:svg>'],
	['text', '<html5>'],
	['text', 'Not found'],
	['text', 'Not <html> and not <svg>'],
	['text', '{'],
	['text', 'Zürich, 東京 🕺'],
	['text', 'GIF is a format, BM is no image, ID3 is a tag'],
	['text', ' \n'],
])('%s: %j', (kind, text) => {
	expect(kindOf(Buffer.from(text))).toBe(kind);
	expect(kindOf(Buffer.from(`\uFEFF${text}`))).toBe(kind);
	expect(kindOf(Buffer.from(`\uFEFF${text}`, 'utf16le'))).toBe(kind);
	expect(kindOf(Buffer.from(`\uFEFF${text}`, 'utf16le').swap16())).toBe(kind);
});

it('knows a page of an old encoding, but no other text of one', () => {
	expect(kindOf(bytes('<html><title>Z\xfcrich</title>'))).toBe('html');
	expect(kindOf(bytes('Z\xfcrich'))).toBeUndefined();
	expect(kindOf(bytes('{"a":"Z\xfcrich"}'))).toBeUndefined();
});

it.each([0, 1, 8, 0x1b, 0x7f])('takes nothing with the control character %s for a text', (character) => {
	expect(kindOf(bytes('a text', character))).toBeUndefined();
});

it('looks at the start alone, wherever a character is cut there', () => {
	for (const lead of [0, 1, 2, 3]) {
		const text = Buffer.from('x'.repeat(lead) + '🕺'.repeat(START_BYTES / 4));
		expect(kindOf(bytes(text.subarray(0, START_BYTES), Buffer.alloc(10)))).toBe('text');
	}
	expect(kindOf(bytes(Buffer.alloc(START_BYTES - 1, 'a'), 0))).toBeUndefined();
});

it('never throws, and is the same for what follows the start', () => {
	const starts = fc.oneof(fc.uint8Array({ maxLength: START_BYTES }), fc.string().map(Buffer.from), signed());
	fc.assert(fc.property(starts, (start) => [undefined, ...Object.keys(MEDIA)].includes(kindOf(start))));
	fc.assert(
		fc.property(fc.uint8Array({ minLength: START_BYTES, maxLength: START_BYTES }), fc.uint8Array(), (start, rest) => {
			expect(kindOf(bytes(start, rest))).toBe(kindOf(start));
		}),
	);
});

/** Bytes that begin as a file does. */
function signed() {
	const beginning = fc.constantFrom('ftyp', 'RIFF', '\x1aE\xdf\xa3B\x82', '<!--', '<?', '{', '\xff\xfe', '\xfe\xff');
	return fc.tuple(beginning, fc.uint8Array()).map(([text, rest]) => bytes(text, rest));
}

it.each(Object.entries(MEDIA))('tells a person of %s', (_kind, { type, mimeType, extension, format, name }) => {
	expect(name).toMatch(/^an? [A-Za-z]/);
	expect(name).toContain(format);
	expect(extension).toMatch(/^[a-z0-9]+$/);
	expect(mimeType).toMatch(type === 'other' ? /^(text|application)\// : new RegExp(`^${type}/`));
});

import { brandedKind } from './brands';
import { latin1, uintBE } from './bytes';
import { isMangled, textKind } from './text';

/** What a kind of file is. */
interface Medium {
	type: 'image' | 'video' | 'audio' | 'other';
	mimeType: string;
	/** Without the dot. */
	extension: string;
	/** The format alone, as a person is told: "WebP". */
	format: string;
	/** The file, as a person is told: "a WebP image". */
	name: string;
}

/** The kinds of files that are told apart. */
export const MEDIA = {
	jpeg: { type: 'image', mimeType: 'image/jpeg', extension: 'jpg', format: 'JPEG', name: 'a JPEG image' },
	png: { type: 'image', mimeType: 'image/png', extension: 'png', format: 'PNG', name: 'a PNG image' },
	webp: { type: 'image', mimeType: 'image/webp', extension: 'webp', format: 'WebP', name: 'a WebP image' },
	gif: { type: 'image', mimeType: 'image/gif', extension: 'gif', format: 'GIF', name: 'a GIF image' },
	heic: { type: 'image', mimeType: 'image/heic', extension: 'heic', format: 'HEIC', name: 'a HEIC image' },
	avif: { type: 'image', mimeType: 'image/avif', extension: 'avif', format: 'AVIF', name: 'an AVIF image' },
	bmp: { type: 'image', mimeType: 'image/bmp', extension: 'bmp', format: 'BMP', name: 'a BMP image' },
	tiff: { type: 'image', mimeType: 'image/tiff', extension: 'tiff', format: 'TIFF', name: 'a TIFF image' },
	svg: { type: 'image', mimeType: 'image/svg+xml', extension: 'svg', format: 'SVG', name: 'an SVG image' },
	ico: { type: 'image', mimeType: 'image/x-icon', extension: 'ico', format: 'ICO', name: 'an ICO image' },
	psd: { type: 'image', mimeType: 'image/vnd.adobe.photoshop', extension: 'psd', format: 'PSD', name: 'a PSD image' },
	jp2: { type: 'image', mimeType: 'image/jp2', extension: 'jp2', format: 'JPEG 2000', name: 'a JPEG 2000 image' },
	jxl: { type: 'image', mimeType: 'image/jxl', extension: 'jxl', format: 'JPEG XL', name: 'a JPEG XL image' },
	mp4: { type: 'video', mimeType: 'video/mp4', extension: 'mp4', format: 'MP4', name: 'an MP4 video' },
	quicktime: { type: 'video', mimeType: 'video/quicktime', extension: 'mov', format: 'MOV', name: 'a MOV video' },
	webm: { type: 'video', mimeType: 'video/webm', extension: 'webm', format: 'WebM', name: 'a WebM video' },
	matroska: { type: 'video', mimeType: 'video/x-matroska', extension: 'mkv', format: 'MKV', name: 'an MKV video' },
	avi: { type: 'video', mimeType: 'video/x-msvideo', extension: 'avi', format: 'AVI', name: 'an AVI video' },
	wmv: { type: 'video', mimeType: 'video/x-ms-wmv', extension: 'wmv', format: 'WMV', name: 'a WMV video' },
	flv: { type: 'video', mimeType: 'video/x-flv', extension: 'flv', format: 'FLV', name: 'an FLV video' },
	mpeg: { type: 'video', mimeType: 'video/mpeg', extension: 'mpg', format: 'MPEG', name: 'an MPEG video' },
	mpegts: { type: 'video', mimeType: 'video/mp2t', extension: 'ts', format: 'MPEG-TS', name: 'an MPEG-TS video' },
	ogv: { type: 'video', mimeType: 'video/ogg', extension: 'ogv', format: 'Ogg', name: 'an Ogg video' },
	m4a: { type: 'audio', mimeType: 'audio/mp4', extension: 'm4a', format: 'M4A', name: 'an M4A audio file' },
	mp3: { type: 'audio', mimeType: 'audio/mpeg', extension: 'mp3', format: 'MP3', name: 'an MP3 audio file' },
	wav: { type: 'audio', mimeType: 'audio/wav', extension: 'wav', format: 'WAV', name: 'a WAV audio file' },
	ogg: { type: 'audio', mimeType: 'audio/ogg', extension: 'ogg', format: 'Ogg', name: 'an Ogg audio file' },
	flac: { type: 'audio', mimeType: 'audio/flac', extension: 'flac', format: 'FLAC', name: 'a FLAC audio file' },
	aac: { type: 'audio', mimeType: 'audio/aac', extension: 'aac', format: 'AAC', name: 'an AAC audio file' },
	amr: { type: 'audio', mimeType: 'audio/amr', extension: 'amr', format: 'AMR', name: 'an AMR audio file' },
	html: { type: 'other', mimeType: 'text/html', extension: 'html', format: 'HTML', name: 'a web page (HTML)' },
	xml: { type: 'other', mimeType: 'application/xml', extension: 'xml', format: 'XML', name: 'an XML document' },
	json: { type: 'other', mimeType: 'application/json', extension: 'json', format: 'JSON', name: 'a JSON document' },
	pdf: { type: 'other', mimeType: 'application/pdf', extension: 'pdf', format: 'PDF', name: 'a PDF' },
	zip: { type: 'other', mimeType: 'application/zip', extension: 'zip', format: 'ZIP', name: 'a ZIP archive' },
	gzip: { type: 'other', mimeType: 'application/gzip', extension: 'gz', format: 'gzip', name: 'a gzip archive' },
	rar: { type: 'other', mimeType: 'application/vnd.rar', extension: 'rar', format: 'RAR', name: 'a RAR archive' },
	sevenZip: {
		type: 'other',
		mimeType: 'application/x-7z-compressed',
		extension: '7z',
		format: '7z',
		name: 'an archive (7z)',
	},
	program: {
		type: 'other',
		mimeType: 'application/x-executable',
		extension: 'bin',
		format: 'program',
		name: 'a program',
	},
	mangled: {
		type: 'other',
		mimeType: 'text/plain',
		extension: 'txt',
		format: 'text',
		name: 'a file that was converted to text, which destroyed it',
	},
	text: { type: 'other', mimeType: 'text/plain', extension: 'txt', format: 'text', name: 'a text file' },
} as const satisfies Readonly<Record<string, Readonly<Medium>>>;
/** A kind of file. */
export type MediaKind = keyof typeof MEDIA;

/** Extensions that are not the first choice for their kind. */
const OTHER_EXTENSIONS: Readonly<Record<string, MediaKind>> = {
	heif: 'heic',
	jfif: 'jpeg',
	jpeg: 'jpeg',
	m4v: 'mp4',
	mpeg: 'mpeg',
	qt: 'quicktime',
	tif: 'tiff',
};

/** The kind of image, video or sound that a file name's extension stands for. */
export function kindByName(fileName: string): MediaKind | undefined {
	const extension = /\.(\w+)$/.exec(fileName)?.[1].toLowerCase() ?? '';
	if (Object.hasOwn(OTHER_EXTENSIONS, extension)) return OTHER_EXTENSIONS[extension];
	const kinds = Object.keys(MEDIA) as MediaKind[];
	return kinds.find((kind) => MEDIA[kind].type !== 'other' && MEDIA[kind].extension === extension);
}

/** The most of a file that its kind is told from, in bytes. */
export const START_BYTES = 4096;

/** What stands at which place of a file, one character a byte; the first that fits. */
const SIGNATURES: ReadonlyArray<readonly [MediaKind, Readonly<Record<number, string>>]> = [
	['jpeg', { 0: '\xff\xd8\xff' }],
	['png', { 0: '\x89PNG\r\n\x1a\n' }],
	['webp', { 0: 'RIFF', 8: 'WEBP' }],
	['gif', { 0: 'GIF87a' }],
	['gif', { 0: 'GIF89a' }],
	['bmp', { 0: 'BM', 6: '\0\0\0\0' }],
	['tiff', { 0: 'II*\0' }],
	['tiff', { 0: 'MM\0*' }],
	['ico', { 0: '\0\0\x01\0', 5: '\0' }],
	['psd', { 0: '8BPS\0\x01' }],
	['jp2', { 0: '\0\0\0\x0cjP  \r\n\x87\n' }],
	['jxl', { 0: '\0\0\0\x0cJXL \r\n\x87\n' }],
	['avi', { 0: 'RIFF', 8: 'AVI ' }],
	['wmv', { 0: '0&\xb2u\x8ef\xcf\x11' }],
	['flv', { 0: 'FLV\x01' }],
	['mpeg', { 0: '\0\0\x01\xba' }],
	['mpegts', { 0: 'G', 188: 'G', 376: 'G', 564: 'G' }],
	['mp3', { 0: 'ID3', 4: '\0' }],
	['mp3', { 0: '\xff\xfb' }],
	['mp3', { 0: '\xff\xf3' }],
	['mp3', { 0: '\xff\xf2' }],
	['aac', { 0: '\xff\xf1' }],
	['aac', { 0: '\xff\xf9' }],
	['amr', { 0: '#!AMR' }],
	['wav', { 0: 'RIFF', 8: 'WAVE' }],
	['ogv', { 0: 'OggS', 28: '\x80theora' }],
	['ogg', { 0: 'OggS' }],
	['flac', { 0: 'fLaC' }],
	['pdf', { 0: '%PDF-' }],
	['zip', { 0: 'PK\x03\x04' }],
	['zip', { 0: 'PK\x05\x06' }],
	['gzip', { 0: '\x1f\x8b\x08' }],
	['rar', { 0: 'Rar!\x1a\x07' }],
	['program', { 0: '\x7fELF' }],
	['program', { 0: 'MZ\x90\0' }],
	['sevenZip', { 0: "7z\xbc\xaf'\x1c" }],
];
/** What a QuickTime file of the time before `ftyp` may begin with (QuickTime File Format, "Movie Atoms"). */
const FIRST_ATOMS = ['moov', 'mdat', 'wide', 'free', 'skip', 'pnot'];
/** Bytes. Read as a size, four printable characters are more: a first atom as large would be a text. */
const LARGEST_FIRST_ATOM = 0x20000000;

/** What a file is, from its first bytes: at most START_BYTES of them are looked at. */
export function kindOf(start: Uint8Array): MediaKind | undefined {
	const bytes = start.subarray(0, START_BYTES);
	if (isMangled(bytes)) return 'mangled';
	return signedKind(bytes) ?? boxedKind(bytes) ?? ebmlKind(bytes) ?? textKind(bytes);
}

function signedKind(bytes: Uint8Array): MediaKind | undefined {
	return SIGNATURES.find(([, signature]) =>
		Object.entries(signature).every(([at, text]) => latin1(bytes, Number(at), text.length) === text),
	)?.[0];
}

function boxedKind(bytes: Uint8Array): MediaKind | undefined {
	const type = latin1(bytes, 4, 4);
	if (type === 'ftyp') return brandedKind(bytes);
	return FIRST_ATOMS.includes(type) && uintBE(bytes, 0, 4) < LARGEST_FIRST_ATOM ? 'quicktime' : undefined;
}

/** EBML: the document's type is element 0x4282 of the header, which few other short ones come before (RFC 8794). */
function ebmlKind(bytes: Uint8Array): MediaKind | undefined {
	if (uintBE(bytes, 0, 4) !== 0x1a45dfa3) return undefined;
	const type = /B\x82[^]{1,8}?(webm|matroska)/.exec(latin1(bytes, 0, 100))?.[1];
	return type === 'webm' || type === 'matroska' ? type : undefined;
}

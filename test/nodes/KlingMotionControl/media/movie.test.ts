import { MAX_CONTENT } from '../../../../nodes/KlingMotionControl/media/isoBoxes';
import { movie } from '../../../../nodes/KlingMotionControl/media/movie';
import { MAX_STEPS } from '../../../../nodes/KlingMotionControl/media/walk';
import { box, bytes, factsOf, inChunks, uint32, walked } from '../../../support/mediaFiles';

const FTYP = box('ftyp', bytes('isom', uint32(512)));
const ONES = 0xffffffff;

/** 5 s, or as long as given. */
const mvhd = (ticks = 5000, timescale = 1000) =>
	box('mvhd', bytes(uint32(0, 0, 0, timescale, ticks), Buffer.alloc(80)));
const longMvhd = (high: number, low: number, timescale: number) =>
	box('mvhd', bytes(uint32(0x01000000, 0, 0, 0, 0, timescale, high, low), Buffer.alloc(80)));

const [ONE, MINUS] = [0x10000, 0xffff0000];
type Matrix = [a: number, b: number, c: number, d: number];
const UPRIGHT: Matrix = [ONE, 0, 0, ONE];
const matrix = ([a, b, c, d]: Matrix) => uint32(a, b, 0, c, d, 0, 0, 0, 0x40000000);

function tkhd(width = 720, height = 1280, turn = UPRIGHT, version = 0) {
	const times = Buffer.alloc(version === 1 ? 32 : 20);
	return box(
		'tkhd',
		bytes([version, 0, 0, 7], times, Buffer.alloc(16), matrix(turn), uint32(width * 0x10000, height * 0x10000)),
	);
}
const hdlr = (handler: string) => box('hdlr', bytes(uint32(0, 0), handler, Buffer.alloc(12)));
const trak = (header: Uint8Array, handler = 'vide') => box('trak', [header, box('mdia', [hdlr(handler)])]);
const mehd = (...words: number[]) => box('mvex', [box('mehd', uint32(...words))]);

const SIZE = { width: 720, height: 1280 };
const ALL = { ...SIZE, duration: 5 };
const MOOV = box('moov', [mvhd(), trak(tkhd())]);

/** What is known of an MP4 with these boxes but its kind and size; the same for any chunks. */
function measured(...boxes: Uint8Array[]) {
	const file = bytes(FTYP, ...boxes);
	const { kind, size, ...measures } = factsOf(file);
	expect({ kind, size }).toEqual({ kind: 'mp4', size: file.length });
	if (file.length < 100_000) expect(factsOf(...inChunks(file, [1]))).toEqual({ kind, size, ...measures });
	return measures;
}

it.each<[string, Uint8Array[], object]>([
	['first', [MOOV, box('mdat', Buffer.alloc(5000))], ALL],
	['last', [box('mdat', Buffer.alloc(5000)), MOOV], ALL],
	['after a box of a 64-bit size', [bytes(uint32(1), 'mdat', uint32(0, 5016), Buffer.alloc(5000)), MOOV], ALL],
	['of a 64-bit size', [bytes(uint32(1), 'moov', uint32(0, MOOV.length + 8), MOOV.subarray(8))], ALL],
	['that reaches to the end', [box('mdat'), bytes(uint32(0), MOOV.subarray(4))], ALL],
	['after a box that reaches to the end', [box('mdat', [], 0), MOOV], {}],
	['after a box longer than any file', [bytes(uint32(1), 'mdat', uint32(ONES, ONES)), MOOV], {}],
	['after a box of a negative size', [box('free', [], 7), MOOV], {}],
	['within a box of a negative size', [bytes(uint32(7), 'fre', MOOV)], {}],
	['after a box of a negative 64-bit size', [bytes(uint32(1), 'free', uint32(0, 15)), MOOV], {}],
	['cut before its track', [MOOV.subarray(0, 108 + 8 + 50)], { duration: 5 }],
	['cut in its first box', [MOOV.subarray(0, 20)], {}],
	['cut in its header', [MOOV.subarray(0, 7)], {}],
	['cut in its 64-bit size', [bytes(uint32(1), 'moov', uint32(0))], {}],
	['twice', [MOOV, box('moov', [mvhd(9000)])], ALL],
	['in another box only', [box('free', MOOV)], {}],
	['empty', [box('moov')], {}],
	['missing', [], {}],
])('a movie box %s', (_name, boxes, measures) => {
	expect(measured(...boxes)).toEqual(measures);
});

it.each<[string, Uint8Array, number | undefined]>([
	['in seconds', mvhd(7, 1), 7],
	['in other units', mvhd(92_092, 30_000), 92_092 / 30_000],
	['in 64 bits', longMvhd(0, 5000, 1000), 5],
	['in more than 32 bits', longMvhd(1, 0, 1_000_000), 4294.967296],
	['of a day', mvhd(86_400, 1), 86_400],
	['of more than a day', mvhd(86_401, 1), undefined],
	['of nothing', mvhd(0), undefined],
	['without a unit', mvhd(5, 0), undefined],
	['that is not known', mvhd(ONES, 1_000_000), undefined],
	['that is not known in 64 bits', longMvhd(ONES, ONES, 1_000_000), undefined],
	['that is cut', box('mvhd', uint32(0, 0, 0, 1000)), undefined],
	['that is cut in 64 bits', box('mvhd', uint32(0x01000000, 0, 0, 0, 0, 1000, 0)), undefined],
	['in an empty box', box('mvhd'), undefined],
])('a duration %s', (_name, header, duration) => {
	expect(measured(box('moov', [header, trak(tkhd())]))).toEqual(duration === undefined ? SIZE : { ...SIZE, duration });
});

it.each<[string, Uint8Array, number | undefined]>([
	['has its own', mehd(0, 9000), 9],
	['has its own in 64 bits', mehd(0x01000000, 0, 9000), 9],
	['has an absurd one', mehd(0x01000000, 1, 9000), undefined],
	['has none', box('mvex', [box('trex', uint32(0, 1))]), undefined],
	['has one that is cut', box('mvex', [box('mehd', uint32(0))]), undefined],
])('a movie in fragments %s, whatever the first fragment has', (_name, mvex, duration) => {
	for (const first of [0, 2000]) expect(measured(box('moov', [mvhd(first), mvex])).duration).toBe(duration);
});

it.each<[string, Matrix, object]>([
	['upright', UPRIGHT, SIZE],
	['turned by 90°', [0, ONE, MINUS, 0], { width: 1280, height: 720 }],
	['turned by 180°', [MINUS, 0, 0, MINUS], SIZE],
	['turned by 270°', [0, MINUS, ONE, 0], { width: 1280, height: 720 }],
	['slanted', [ONE, ONE, MINUS, ONE], SIZE],
	['without a matrix', [0, 0, 0, 0], SIZE],
])('a track %s', (_name, turn, size) => {
	expect(measured(box('moov', [trak(tkhd(720, 1280, turn))]))).toEqual(size);
	expect(measured(box('moov', [trak(tkhd(720, 1280, turn, 1))]))).toEqual(size);
});

it.each<[string, Uint8Array[], object]>([
	['after sound', [trak(tkhd(0, 0), 'soun'), trak(tkhd())], SIZE],
	['after subtitles', [trak(tkhd(400, 60), 'sbtl'), trak(tkhd())], SIZE],
	['after one without a size', [trak(tkhd(0, 0)), trak(tkhd(720, 0)), trak(tkhd())], SIZE],
	['before another', [trak(tkhd()), trak(tkhd(100, 100))], SIZE],
	['whose handler comes first', [box('trak', [box('mdia', [hdlr('vide')]), tkhd()])], SIZE],
	['of a size with a fraction', [trak(tkhd(719.6, 1280.4))], SIZE],
	['that does not say so', [box('trak', [tkhd()]), box('trak', [tkhd(), box('mdia')])], {}],
	['without a header', [box('trak', [box('mdia', [hdlr('vide')])])], {}],
	['whose header is cut', [trak(tkhd().subarray(0, 88))], {}],
	['that is longer than the movie', [box('trak', trak(tkhd()).subarray(8), 5000)], SIZE],
	['whose header is longer than the track', [box('trak', [box('tkhd', [], 5000), box('mdia', [hdlr('vide')])])], {}],
	['after a box of size 0', [box('free', [], 0), trak(tkhd())], {}],
	['after a box of size 1', [box('free', [], 1), trak(tkhd())], {}],
	['after a box of size 7', [box('free', [], 7), trak(tkhd())], {}],
	['within a box of size 7', [bytes(uint32(7), 'fre', trak(tkhd()))], {}],
	['beside one of sound', [trak(tkhd(0, 0), 'soun'), trak(tkhd())], SIZE],
	['without a size', [trak(tkhd(0, 0))], {}],
])('a video track %s', (_name, boxes, size) => {
	expect(measured(box('moov', boxes))).toEqual(size);
});

it.each<[kind: string, case_: string, file: Uint8Array]>([
	['m4a', 'sound alone', box('moov', [mvhd(), trak(tkhd(0, 0), 'soun'), trak(tkhd(0, 0), 'soun')])],
	['m4a', 'sound alone, last', bytes(box('mdat', Buffer.alloc(99)), box('moov', [trak(tkhd(0, 0), 'soun')]))],
	['mp4', 'sound and subtitles', box('moov', [trak(tkhd(0, 0), 'soun'), trak(tkhd(0, 0), 'text')])],
	['mp4', 'no track', box('moov', [mvhd()])],
	['mp4', 'sound, and perhaps more behind the end', box('moov', [trak(tkhd(0, 0), 'soun')], 900)],
	[
		'mp4',
		'sound, and a table that is not read',
		box('moov', [trak(tkhd(0, 0), 'soun'), box('udta', Buffer.alloc(MAX_CONTENT))]),
	],
])('is %s where its movie box has %s', (kind, _case, file) => {
	expect(factsOf(bytes(FTYP, file)).kind).toBe(kind);
});

it.each<[string, (table: Uint8Array) => Uint8Array, object]>([
	['not the track after a long table', (table) => box('moov', [mvhd(), table, trak(tkhd())]), { duration: 5 }],
	['the track before one', (table) => box('moov', [mvhd(), trak(tkhd()), table]), ALL],
])('reads the first 1 MB of a movie box of 3 MB: %s', (_name, moov, measures) => {
	const file = moov(box('udta', Buffer.alloc(3_000_000)));
	const { takes, measures: found } = walked(movie(), FTYP, ...inChunks(file, [65_536]));
	expect(found).toMatchObject(measures);
	expect(measured(file)).toEqual(measures);
	expect(takes).toEqual([8, 8, MAX_CONTENT]);
});

it('passes over 5 GB of frames without a look at them', () => {
	const header = bytes(FTYP, uint32(1), 'mdat', uint32(1, 0x2a05f200 + 16));
	const frames = new Uint8Array(1_000_000);
	function* file() {
		yield header;
		for (let i = 0; i < 5000; i++) yield frames;
		yield MOOV;
	}
	const { takes } = walked(movie(), ...[header]);
	expect(takes).toEqual([8, 8, 8, 8]);
	expect(factsOf(...file())).toEqual({ kind: 'mp4', size: header.length + 5e9 + MOOV.length, ...ALL });
});

it.each(['moov', 'trak', 'mdia'])('%s nested 10,000 deep is unknown', (type) => {
	const heads = Array.from({ length: 10_000 }, (_, i) => bytes(uint32(80_000 - 8 * i + tkhd().length), type));
	const deep = bytes(...heads, tkhd());
	expect(measured(deep)).toEqual({});
	expect(measured(box('moov', [box('trak', [deep])]))).toEqual({});
});

it('ends in forged boxes', () => {
	const many = Buffer.alloc(8_000_000, box('free'));
	const top = walked(movie(), FTYP, ...inChunks(many, [65_536]));
	expect(top.measures).toEqual({});
	expect(top.takes.length).toBeLessThanOrEqual(MAX_STEPS);
	expect(measured(box('moov', [many.subarray(0, 500_000), trak(tkhd())]))).toEqual({});
	expect(measured(box('moov', [Buffer.alloc(500_000, trak(tkhd(0, 0))), trak(tkhd())]))).toEqual({});
});

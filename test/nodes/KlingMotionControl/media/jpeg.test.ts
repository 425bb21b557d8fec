import { jpeg } from '../../../../nodes/KlingMotionControl/media/jpeg';
import { MAX_STEPS } from '../../../../nodes/KlingMotionControl/media/walk';
import { bytes, factsOf, inChunks, walked } from '../../../support/mediaFiles';

const START = bytes([0xff, 0xd8]);
const SCAN = bytes([0xff, 0xda, 0, 2]);

function segment(marker: number, content: Uint8Array) {
	const length = content.length + 2;
	return bytes([0xff, marker, length >> 8, length & 255], content);
}

/** A frame's header: 300 by 700 px, or another size. */
function frame(marker = 0xc0, width = 300, height = 700) {
	return segment(marker, bytes([8, height >> 8, height & 255, width >> 8, width & 255, 3]));
}

/** Exif with an orientation, as its second entry. */
function exif(orientation: number, order: 'II' | 'MM', { at = 8, pad = 0, count = 2 } = {}) {
	const uint = (value: number, length: number) => {
		const number = Array.from({ length }, (_, i) => (value >> (8 * i)) & 255);
		return order === 'II' ? number : number.reverse();
	};
	const entry = (tag: number, value: number) => bytes(uint(tag, 2), uint(3, 2), uint(1, 4), uint(value, 2), [0, 0]);
	const directory = bytes(uint(count, 2), entry(0x0100, 6), entry(0x0112, orientation), uint(0, 4));
	const head = bytes('Exif\0\0', order, uint(42, 2), uint(at, 4), Buffer.alloc(at - 8));
	return segment(0xe1, bytes(head, directory, Buffer.alloc(pad)));
}

const TALL = { width: 300, height: 700 };
const WIDE = { width: 700, height: 300 };

it.each<[string, Uint8Array[], object]>([
	['baseline', [frame()], TALL],
	['progressive', [frame(0xc2)], TALL],
	['of the last sort of frame', [frame(0xcf)], TALL],
	['after a reserved marker', [frame(0xbf, 1, 1), frame()], TALL],
	['after other segments', [segment(0xe0, Buffer.alloc(14)), segment(0xdb, Buffer.alloc(65_533)), frame()], TALL],
	['after DHT, JPG and DAC', [frame(0xc4, 1, 1), frame(0xc8, 1, 1), frame(0xcc, 1, 1), frame()], TALL],
	['the first of two frames', [frame(), frame(0xc0, 1, 1)], TALL],
	['after fill bytes', [Buffer.alloc(1000, 0xff), frame()], TALL],
	['after markers without a segment', [bytes([0xff, 0x01, 0xff, 0xd0, 0xff, 0xd7]), frame()], TALL],
	['after an empty segment', [segment(0xfe, bytes()), frame()], TALL],
	['with a thumbnail', [segment(0xe1, bytes('Exif\0\0', START, frame(0xc0, 1, 1))), frame()], TALL],
	['after XMP and Exif', [segment(0xe1, bytes('http://ns.adobe.com/xap/1.0/\0')), exif(6, 'MM'), frame()], WIDE],
	['with a long Exif', [exif(6, 'II', { pad: 60_000 }), frame()], WIDE],
	['with a directory later in Exif', [exif(6, 'II', { at: 500 }), frame()], WIDE],
	['with a directory far away in Exif', [exif(6, 'II', { at: 5000 }), frame()], TALL],
	['with Exif that names another tag', [segment(0xe1, bytes('Exif\0\0MM\0*')), frame()], TALL],
	['with the like of Exif in another segment', [bytes([0xff, 0xe2], exif(6, 'II').subarray(2)), frame()], TALL],
	['with more entries in Exif than it counts', [exif(6, 'II', { count: 1 }), frame()], TALL],
	[
		'with TIFF that is not in Exif',
		[bytes(exif(6, 'II').subarray(0, 4), 'Other', exif(6, 'II').subarray(9)), frame()],
		TALL,
	],
	['without a height', [frame(0xc0, 300, 0)], {}],
	['without a width', [frame(0xc0, 0, 700)], {}],
	['whose scan comes first', [SCAN, frame()], {}],
	['that ends first', [bytes([0xff, 0xd9, 0, 2]), frame()], {}],
	['with no marker', [bytes([0xff, 0x01, 0, 0xc0]), frame().subarray(2)], {}],
	['with a segment of length 0', [bytes([0xff, 0xe0, 0, 0]), frame()], {}],
	['with Exif of length 0', [bytes([0xff, 0xe1, 0, 0]), frame()], {}],
	['with a segment of length 1', [bytes([0xff, 0xe0, 0, 1]), frame()], {}],
	['that is cut in its frame', [frame().subarray(0, 8)], {}],
	['that is cut in a marker', [bytes([0xff])], {}],
	['that is cut in fill bytes', [bytes([0xff, 0xff])], {}],
	['that is cut in a length', [bytes([0xff, 0xe0, 1])], {}],
])('a JPEG %s', (_name, segments, size) => {
	const file = bytes(START, ...segments);
	const { width, height } = factsOf(file);
	expect({ width, height }).toEqual({ width: undefined, height: undefined, ...size });
});

const TURNS = [1, 2, 3, 4, 5, 6, 7, 8].flatMap((orientation) => [
	{ orientation, order: 'II' as const },
	{ orientation, order: 'MM' as const },
]);
it.each([...TURNS, { orientation: 0, order: 'II' as const }, { orientation: 9, order: 'MM' as const }])(
	'is turned as Exif says: %j',
	({ orientation, order }) => {
		const sideways = orientation >= 5 && orientation <= 8;
		expect(factsOf(START, exif(orientation, order), frame())).toMatchObject(sideways ? WIDE : TALL);
	},
);

it('takes little of a large header, and ends in a forged one', () => {
	const large = bytes(START, ...Array.from({ length: 100 }, () => exif(6, 'II', { pad: 65_000 })), frame());
	const { measures, takes } = walked(jpeg(), large);
	expect(measures).toEqual(WIDE);
	expect(Math.max(...takes)).toBe(1024);

	for (const forged of [Buffer.alloc(1_000_000, 0xff), Buffer.alloc(1_000_000, bytes([0xff, 0xd0]))]) {
		const walk = walked(jpeg(), START, ...inChunks(forged, [65_536]));
		expect(walk.measures).toEqual({});
		expect(walk.takes.length).toBeLessThanOrEqual(MAX_STEPS + 1);
	}
});

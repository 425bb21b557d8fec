import { box, bytes, factsOf, uint32 } from '../../../support/mediaFiles';

const FTYP = box('ftyp', bytes('heic', uint32(0), 'mif1'));
const ispe = (width: number, height: number) => box('ispe', uint32(0, width, height));
const meta = (...properties: Uint8Array[]) =>
	box('meta', [uint32(0), box('hdlr', Buffer.alloc(20)), box('iprp', [box('ipco', properties)])]);

it.each<[string, Uint8Array[], object]>([
	['one size', [meta(ispe(400, 700))], { width: 400, height: 700 }],
	['tiles and a thumbnail', [meta(ispe(512, 512), ispe(4032, 3024), ispe(320, 240))], { width: 4032, height: 3024 }],
	['its sizes after another box', [box('free', Buffer.alloc(9)), meta(ispe(400, 700))], { width: 400, height: 700 }],
	['other properties', [meta(box('hvcC', Buffer.alloc(90)), ispe(400, 700))], { width: 400, height: 700 }],
	[
		'a larger box of another kind',
		[meta(box('clap', uint32(0, 4000, 7000)), ispe(400, 700))],
		{ width: 400, height: 700 },
	],
	['no size', [meta(box('hvcC'))], {}],
	['a size that is cut', [meta(box('ispe', uint32(0, 400)))], {}],
	['a size of 0', [meta(ispe(0, 700))], {}],
	['no properties', [box('meta', uint32(0))], {}],
	['an empty box', [box('meta')], {}],
	['none', [], {}],
])('a HEIC image with %s', (_name, boxes, size) => {
	const file = bytes(FTYP, ...boxes);
	expect(factsOf(file)).toEqual({ kind: 'heic', size: file.length, ...size });
});

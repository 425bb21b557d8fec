import { isOtherId, otherForm, sameId } from '../../../../nodes/KlingMotionControl/segmind/ids';

const DASHED = '0b8f3c52-9d1e-4f60-8a77-3f6f0c1d2e4a';
const PLAIN = DASHED.replaceAll('-', '');
const OTHER = DASHED.replace('0b', '0c');

it.each<[unknown, string, boolean]>([
	[OTHER, DASHED, true],
	[OTHER, PLAIN, true],
	[DASHED, DASHED, false],
	[PLAIN, DASHED, false],
	[DASHED.toUpperCase(), PLAIN, false],
	// a name of another kind may be another name of the same request
	['req_5', DASHED, false],
	[OTHER, 'req_5', false],
	[5, DASHED, false],
	[undefined, DASHED, false],
])('isOtherId: %p for %s: %p', (named, id, isOther) => expect(isOtherId(named, id)).toBe(isOther));

it('an ID has two forms', () => {
	expect([otherForm(DASHED), otherForm(PLAIN), otherForm('req_5')]).toEqual([PLAIN, DASHED, undefined]);
	expect(sameId(DASHED.toUpperCase(), PLAIN)).toBe(true);
	expect(sameId(DASHED, OTHER)).toBe(false);
});

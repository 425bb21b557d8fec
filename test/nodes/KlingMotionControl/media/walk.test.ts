import { MAX_STEPS, Walker, type Step, type Walk } from '../../../../nodes/KlingMotionControl/media/walk';
import { bytes, inChunks, walked } from '../../../support/mediaFiles';

/** Does these steps and notes what it is given. */
function* through(steps: Step[], given: number[][]): Walk {
	for (const step of steps) given.push([...(yield step)]);
	return { duration: given.length };
}

const STEPS: Step[] = [{ take: 2 }, { skip: 3 }, { skip: 0 }, { take: 0 }, { take: 1 }, { skip: 1 }, { take: 2 }];
const FILE = bytes([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);

it.each([[[1]], [[2]], [[3]], [[1, 4]], [[0, 1]], [[10]], [[100]]])('gives the same in chunks of %j', (lengths) => {
	const given: number[][] = [];
	const walker = new Walker(through(STEPS, given));
	for (const chunk of inChunks(FILE, lengths)) walker.push(chunk);
	expect(given).toEqual([[1, 2], [], [], [], [6], [], [8, 9]]);
	expect(walker.measures).toEqual({ duration: 7 });
});

it('gives what is there where the file ends before, and nothing from then on', () => {
	const given: number[][] = [];
	const walker = new Walker(through([{ skip: 1 }, { take: 3 }, { skip: 5 }, { take: 4 }], given));
	walker.push(bytes([1, 2, 3]));
	walker.end();
	expect(given).toEqual([[], [2, 3], [], []]);
	walker.push(bytes([4]));
	walker.end();
	expect(walker.measures).toEqual({ duration: 4 });
});

it('gives bytes that the chunks do not share', () => {
	const given: Uint8Array[] = [];
	const walker = new Walker(
		(function* (): Walk {
			given.push(yield { take: 4 });
			return {};
		})(),
	);
	const chunk = bytes([1, 2]);
	walker.push(chunk);
	chunk.fill(9);
	walker.push(chunk);
	chunk.fill(0);
	expect(given.map((taken) => [...taken])).toEqual([[1, 2, 9, 9]]);
});

it.each<Step>([{ take: 1 }, { take: 0 }, { skip: 0 }, { skip: 1 }])('ends a walk that only ever wants %j', (step) => {
	let count = 0;
	function* endless(): Walk {
		for (; ; count++) yield step;
	}
	const { measures } = walked(endless(), new Uint8Array(2 * MAX_STEPS));
	expect(measures).toEqual({});
	expect(count).toBe(MAX_STEPS);
});

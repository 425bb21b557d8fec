import fc from 'fast-check';

import {
	BODIES,
	ENDINGS,
	EXTRAS,
	FRAMINGS,
	GREETINGS,
	PROPER,
	ROUTES,
	type Extra,
	type Fate,
	type Greeting,
	type Move,
	type Schedule,
} from './schedule';

/** Segmind's own word that it takes nothing on for now. */
const BUSY: Move = { ...PROPER, takes: false, status: 503, body: 'error' };

const STATUSES = [
	...[200, 101, 100, 201, 202, 204, 206, 300, 301, 302, 303, 304, 307, 308],
	...[
		400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 413, 415, 418, 421, 422, 425, 428, 429, 429, 451, 499,
	],
	...[500, 502, 503, 503, 503, 503, 504, 520, 522, 524, 530, 599, 600, 999],
];
const thousandths = fc.oneof(fc.constant(0), fc.nat(1_000));
const status = fc.oneof(
	{ weight: 12, arbitrary: fc.constantFrom(...STATUSES) },
	{ weight: 1, arbitrary: fc.integer({ min: 100, max: 999 }) },
);
const extras = fc.oneof(
	{ weight: 3, arbitrary: fc.constant<Extra[]>([]) },
	{ weight: 2, arbitrary: fc.uniqueArray(fc.constantFrom(...EXTRAS), { maxLength: 2 }) },
);
const takes = fc.boolean();
const delay = fc.constantFrom(0, 0, 0, 0, 4, 30, 500);
const ending = fc.constantFrom(...ENDINGS);

/** A move: proper, or with one kind of fault, or with any. */
const move: fc.Arbitrary<Move> = fc.oneof(
	{ withCrossShrink: true },
	{ weight: 2, arbitrary: fc.constant(PROPER) },
	{ weight: 4, arbitrary: some({ takes, status, body: fc.constantFrom(...BODIES), extras }) },
	{
		weight: 3,
		arbitrary: some({ framing: fc.constantFrom(...FRAMINGS), missing: thousandths, split: thousandths, ending }),
	},
	{ weight: 2, arbitrary: some({ takes, status: fc.constant('none' as const), ending }) },
	{ weight: 1, arbitrary: some({ delay, extras, body: fc.constantFrom(...BODIES) }) },
	{
		weight: 3,
		arbitrary: some({
			reads: fc.oneof(fc.constant('all' as const), fc.nat(400)),
			takes,
			delay,
			status: fc.oneof(fc.constantFrom('own' as const, 'none' as const), status),
			body: fc.constantFrom(...BODIES),
			extras,
			framing: fc.constantFrom(...FRAMINGS),
			missing: thousandths,
			split: thousandths,
			ending,
		}),
	},
);

function some(model: { [Key in keyof Move]?: fc.Arbitrary<Move[Key]> }): fc.Arbitrary<Move> {
	const proper = Object.fromEntries(Object.entries(PROPER).map(([name, value]) => [name, fc.constant(value)]));
	return fc.record({ ...proper, ...model }) as unknown as fc.Arbitrary<Move>;
}

const moves = mostly<Move[]>(fc.array(move, { maxLength: 4 }), [], 1);

/** The usual value `weight` times as often as another one. */
function mostly<T>(other: fc.Arbitrary<T>, usual: T, weight: number): fc.Arbitrary<T> {
	return fc.oneof(
		{ withCrossShrink: true },
		{ weight, arbitrary: fc.constant(usual) },
		{ weight: 1, arbitrary: other },
	);
}

/** Any schedule. */
export const anySchedule: fc.Arbitrary<Schedule> = fc.record({
	items: fc.integer({ min: 1, max: 3 }),
	concurrency: fc.integer({ min: 1, max: 3 }),
	tries: fc.integer({ min: 1, max: 3 }),
	continueOnFail: fc.boolean(),
	apiMode: fc.constantFrom('async', 'auto', 'sync'),
	v1: fc.constantFrom('bytes', 'JSON'),
	timeout: fc.constantFrom(0.6, 0.6, 0.01),
	tls: fc.boolean(),
	chance: fc.constantFrom(0, 0.5, 1),
	greetings: mostly<Greeting[]>(fc.array(fc.constantFrom('proper', 'proper', ...GREETINGS), { maxLength: 6 }), [], 3),
	moves: fc.record({ submit: moves, blocking: moves, status: moves, result: moves, media: moves }),
	rest: mostly<Schedule['rest']>(
		fc.oneof(
			{ weight: 6, arbitrary: fc.record({ route: fc.constantFrom(...ROUTES), move }) },
			{ weight: 1, arbitrary: fc.record({ route: fc.constantFrom('submit', 'blocking'), move: fc.constant(BUSY) }) },
		),
		undefined,
		4,
	),
	fates: mostly<Fate[]>(
		fc.array(
			fc.record({
				polls: fc.constantFrom(0, 1, 2, 1_000),
				end: fc.constantFrom('COMPLETED', 'COMPLETED', 'FAILED', 'denied'),
			}),
			{ maxLength: 4 },
		),
		[],
		1,
	),
	stop: mostly<Schedule['stop']>(
		fc.record({ request: fc.integer({ min: 1, max: 10 }), delay: fc.constantFrom(0, 1, 5, 20, 100) }),
		undefined,
		3,
	),
});

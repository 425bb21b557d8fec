import { isBroken, type Finding, type Result } from './findings';

const HEADINGS = ['', 'Fact', 'Expected', 'Seen', 'Code depends'];
const MARKS: Readonly<Record<Result, string>> = {
	'as expected': 'ok',
	'now known': 'new',
	differs: 'DIFFERS',
	'not seen': '-',
};
/** Of the columns of one width, in characters. */
const NARROW = { mark: 7, depends: 7 };
const GAP = '  ';

/**
 * The findings as a table under headings, and in the end in one sentence.
 * @param width of the terminal, in characters
 */
export function tableOf(findings: readonly Finding[], width: number): string {
	const free = Math.max(60, width - NARROW.mark - NARROW.depends - 4 * GAP.length);
	const widths = [
		NARROW.mark,
		Math.floor(free * 0.25),
		Math.floor(free * 0.35),
		Math.floor(free * 0.4),
		NARROW.depends,
	];
	const lines = rowOf(HEADINGS, widths);
	let about: string | undefined;
	for (const finding of findings) {
		if (finding.about !== about) lines.push('', finding.about);
		about = finding.about;
		const { result, fact, expected, seen, depends } = finding;
		lines.push(...rowOf([MARKS[result], fact, expected, seen, depends ? 'yes' : 'no'], widths));
	}
	return [...lines, '', sentenceOf(findings)].join('\n');
}

function sentenceOf(findings: readonly Finding[]): string {
	const count = (wanted: Result) => findings.filter(({ result }) => result === wanted).length;
	const numbers = `${count('as expected')} as expected, ${count('now known')} now known, ${count('differs')} different, ${count('not seen')} not seen.`;
	return isBroken(findings)
		? `${numbers} The service differs where the code depends on it: see DIFFERS with “yes”.`
		: `${numbers} The service is as the code needs it.`;
}

/** A row, with as many lines as its longest cell needs. */
function rowOf(cells: readonly string[], widths: readonly number[]): string[] {
	const columns = cells.map((cell, index) => wrapped(cell, widths[index] ?? 0));
	const height = Math.max(...columns.map(({ length }) => length));
	return Array.from({ length: height }, (_, line) =>
		columns
			.map((column, index) => (column[line] ?? '').padEnd(widths[index] ?? 0))
			.join(GAP)
			.trimEnd(),
	);
}

function wrapped(text: string, width: number): string[] {
	const lines = [''];
	for (const word of text.split(' ')) {
		const line = lines.at(-1) ?? '';
		if (line === '') lines[lines.length - 1] = word;
		else if (line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
		else lines.push(word);
	}
	return lines;
}

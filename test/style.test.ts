import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';
import * as ts from 'typescript';

import { SegmindApi } from '../credentials/SegmindApi.credentials';
import { KlingMotionControl } from '../nodes/KlingMotionControl/KlingMotionControl.node';
import { OPERATIONS } from '../nodes/KlingMotionControl/operations/operations';
import * as endings from '../nodes/KlingMotionControl/segmind/endings';
import { answerError, networkError, storeError, unreadableError } from '../nodes/KlingMotionControl/segmind/faults';
import type { SegmindError } from '../nodes/KlingMotionControl/segmind/segmindError';
import { SUBJECT } from '../nodes/KlingMotionControl/segmind/messages';
import type { Stage } from '../nodes/KlingMotionControl/segmind/verdict';

const ROOT = join(__dirname, '..');
/** In characters. */
const LONGEST_DESCRIPTION = 160;
/** In words. */
const LONGEST_SENTENCE = 30;
/** What we do not write for people, and what we write in its place. */
const WORDS: ReadonlyArray<readonly [RegExp, string]> = [
	[/\baddress(es)?\b/i, 'URL'],
	[/[‘’]/, "'"],
	[/\bUSD\b|\bdollars?\b/i, '$0.97'],
	[/\bat no cost\b|\bfree of charge\b/i, 'free'],
	[/\bnothing was charged\b/i, 'This item was not charged'],
	[/\bis not valid: it must\b/, 'must'],
	[/\bper cent\b|\bcolour\b|\blicence\b|\bcancelled\b/i, 'American spelling'],
];
const { description } = new KlingMotionControl();
const credential = new SegmindApi();

/** Everything that the editor shows, with the place where it stands. */
type Shown = [place: string, text: string];

/** A field with all fields and choices in it. */
function* withInner(field: INodeProperties): Generator<INodeProperties | INodePropertyOptions> {
	yield field;
	for (const inner of field.options ?? []) {
		if ('type' in inner) yield* withInner(inner);
		else yield inner as Exclude<typeof inner, INodePropertyCollection>;
	}
}

const fields = [...description.properties, ...credential.properties].flatMap((field) => [...withInner(field)]);
const nameOf = (field: INodeProperties | INodePropertyOptions) =>
	'displayName' in field ? (field.displayName ?? field.name) : field.name;
const descriptions: Shown[] = [
	['the node', description.description],
	...fields.flatMap((field): Shown[] => (field.description ? [[nameOf(field), field.description]] : [])),
];
const hints: Shown[] = [
	...(description.hints ?? []).map(({ message }): Shown => ['a hint of the node', message]),
	...fields.flatMap((field): Shown[] =>
		'hint' in field && field.hint ? [[`hint of ${nameOf(field)}`, field.hint]] : [],
	),
];

/** The texts in the sources: whatever stands in quotes there, a template's parts joined by what is put between them. */
function textsOf(file: string): Shown[] {
	const source = ts.createSourceFile(file, readFileSync(join(ROOT, file), 'utf8'), ts.ScriptTarget.Latest, true);
	const texts: Shown[] = [];
	const visit = (node: ts.Node): void => {
		if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) texts.push([file, node.text]);
		if (ts.isTemplateExpression(node)) {
			texts.push([file, [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('…')]);
		}
		ts.forEachChild(node, visit);
	};
	visit(source);
	return texts;
}

const sources = ['nodes', 'credentials'].flatMap((folder) =>
	readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.ts') && !name.includes('node_modules'))
		.map((name) => `${folder}/${name}`),
);
/** Where quotes of all kinds are taken off pasted URLs. */
const texts = sources.filter((file) => !file.endsWith('/pastedUrl.ts')).flatMap(textsOf);

const stages = Object.keys(SUBJECT) as Stage[];
const statuses = [300, 302, 400, 401, 402, 403, 404, 405, 406, 410, 413, 415, 422, 429, 500, 502, 503, 504, 418];
const codes = 'ECONNREFUSED ENOTFOUND EHOSTUNREACH EPROTO INVALID_CA ETIMEDOUT ECONNRESET CREDENTIAL_UNREADABLE'.split(
	' ',
);
/** Each error that a person may see of the service, the network and n8n. */
const errors: SegmindError[] = [
	...stages.flatMap((stage) => [
		...statuses.map((status) => answerError(stage, { status, headers: {}, text: '' })),
		answerError(stage, { status: 406, headers: {}, text: '{"error":"content type"}' }),
		answerError(stage, { status: 402, headers: {}, text: '{"error":"spend limit"}' }),
		...codes.map((code) => networkError(stage, { code })),
		networkError(stage, { code: 'SsrfBlockedIpError', blocked: true }),
		unreadableError(stage, { status: 200, headers: {}, text: '' }, 'has an unexpected format'),
	]),
	...(['submit', 'download', 'upload'] as const).map((stage) => storeError(stage, 'ENOSPC')),
	...['EACCES', 'FileTooLargeError', 'EFBIG', 'EIO'].map((fault) => storeError('download', fault)),
	endings.noVideoError(200, 'names no video'),
	endings.failedError('no person', 422),
	endings.timeoutError(30, 'QUEUED'),
	endings.timeoutError(1, 'QUEUED'),
	endings.notSentError('no time was left before the timeout'),
	endings.limitReachedError(50),
	endings.expiredVideoError('2026-11-02'),
	endings.storedVideoGoneError(),
	endings.doubtError(),
	endings.stoppedError(),
	endings.stoppedError('maybe'),
	endings.unexpectedError(new TypeError('secret')),
];
const messages = [...new Set(errors.map(({ message }) => message))];
const todos = [...new Set(errors.map(({ details }) => details.description))];

/** The sentences of a text: abbreviations and numbers have no space behind their periods. */
function sentencesOf(text: string): string[] {
	return text.split(/(?<=[.:])\s+/);
}

it('has something to look at', () => {
	expect(descriptions.length).toBeGreaterThan(30);
	expect(messages.length).toBeGreaterThan(50);
	expect(texts.length).toBeGreaterThan(1_000);
});

it.each([...WORDS].map(([pattern, instead]) => [instead, pattern] as const))('writes %s', (_instead, pattern) => {
	const shown: Shown[] = [...texts, ...messages.map((text): Shown => ['a message', text])];
	expect(shown.filter(([, text]) => pattern.test(text))).toEqual([]);
});

it('keeps descriptions short', () => {
	expect(descriptions.filter(([, text]) => text.length > LONGEST_DESCRIPTION)).toEqual([]);
});

it("writes descriptions and hints in n8n's style: a capital first, a period only behind several sentences", () => {
	const faults = [...descriptions, ...hints].filter(([, text]) => {
		const isOne = !/[.:?]\s/.test(text);
		return !/^["A-Z0-9$]/.test(text) || (isOne && descriptions.some(([, each]) => each === text) && text.endsWith('.'));
	});
	expect(faults).toEqual([]);
});

it.each(
	fields.filter((field): field is INodeProperties => 'type' in field).map((field) => [nameOf(field), field] as const),
)('%s says what it is', (name, field) => {
	if (field.type === 'boolean') expect(field.description).toMatch(/^Whether /);
	if (field.placeholder && field.type === 'string') expect(field.placeholder).toMatch(/^(e\.g\. |SG_)/);
	// a number is a count, or its unit stands in the label
	if (field.type === 'number') expect(name).toMatch(/^(Max |Limit$)|\((Seconds|Minutes|Hours)\)$/);
	expect(name).toMatch(/^[A-Z]/);
	expect(name).not.toMatch(/[.:]$/);
});

it.each(messages)('says in one line what happened: %s', (message) => {
	expect(message).toMatch(/^[A-Z]|^n8n /);
	expect(message).not.toMatch(/[.:]$|\n/);
});

it.each(todos)('says what to do: %s', (todo) => {
	expect(todo).toMatch(/^[A-Z][^]*\.$/);
	for (const sentence of todo.split(/(?<=\.)\s+/)) expect(sentence).toMatch(/^[A-Z]/);
});

it.each([
	...messages,
	...todos,
	...descriptions.map(([, text]) => text),
	...hints.map(([, text]) => text),
	...OPERATIONS.map(({ toolDescription }) => toolDescription),
])('has no sentence of more than 30 words: %s', (text) => {
	expect(sentencesOf(text).filter((sentence) => sentence.split(/\s+/).length > LONGEST_SENTENCE)).toEqual([]);
});

it('calls each operation by its name, and says what it costs', () => {
	for (const { name, action, description: about } of OPERATIONS) {
		expect(name).toMatch(/^([A-Z]\w+ ?)+$/);
		expect(action).toMatch(/^[A-Z][a-z ]+$/);
		expect(about).toMatch(/\((about \d+ minutes, )?about \$1\)$|\(free\)$/);
	}
});

describe('README', () => {
	const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
	/** The text that a person reads: no code, no pictures, a link by its words; a line or a table's cell each. */
	const lines = readme
		.replace(/```[^]*?```/g, '')
		.replace(/<picture>[^]*?<\/picture>|!\[[^\]]*\]\([^)]*\)/g, '')
		.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
		.replace(/`[^`]*`/g, 'code')
		.split(/\n|\s\|\s/);

	it('says on the first screen what the node does, what it costs, and how to run it', () => {
		const screen = readme.split('\n').slice(0, 39).join('\n');
		for (const part of [
			'10 minutes',
			'$1',
			'Community nodes',
			'Credential',
			'examples/sample.json',
			"browser's console",
		]) {
			expect(screen).toContain(part);
		}
	});

	it('has no sentence of more than 30 words', () => {
		const sentences = lines.flatMap(sentencesOf);
		expect(sentences.length).toBeGreaterThan(150);
		expect(sentences.filter((sentence) => sentence.split(/\s+/).length > LONGEST_SENTENCE)).toEqual([]);
	});

	it.each(WORDS.filter(([, instead]) => instead !== "'").map(([pattern, instead]) => [instead, pattern] as const))(
		'writes %s',
		(_instead, pattern) => expect(lines.filter((line) => pattern.test(line))).toEqual([]),
	);

	it('links to files that are there', () => {
		const files = [...readme.matchAll(/\]\(((?:docs|examples|[A-Z]+)[^)#]*)/g)].map(([, file = '']) => file);
		expect(files.length).toBeGreaterThan(10);
		for (const file of files) expect([file, existsSync(join(ROOT, file))]).toEqual([file, true]);
	});

	it('has each option and operation by its label', () => {
		const labels = fields.flatMap((field) => ('type' in field && !field.type.match(/notice/) ? [nameOf(field)] : []));
		const own = labels.filter((label) => !/^(From|To|Status|Limit|Return All|Filters|Options|Operation)$/.test(label));
		expect(own.filter((label) => !readme.includes(label) && !/URL$/.test(label))).toEqual([]);
		for (const { name } of OPERATIONS) expect(readme).toContain(`**${name}**`);
	});
});

import type { IBinaryData } from 'n8n-workflow';

import type { ReferenceName } from '../jobs/order';
import { settle } from '../jobs/repeat';
import { kindByName, MEDIA } from '../media/kind';
import { SegmindError } from '../segmind/segmindError';
import type { FileContent } from '../transport/file';
import { inputError, invalid, present, valueOf } from './invalid';
import type { ItemInput } from './itemInput';
import type { Problem } from './reading';
import { readFieldName } from './words';

/** Types that say nothing of a file: what stores and nodes call whatever they do not know. */
const SAYS_NOTHING =
	/^(|application\/(octet-stream|x-binary|download|force-download)|binary\/octet-stream|\*\/\*|(image|video)\/\*?)$/;
/** In characters, as the registry of types has it (RFC 6838, 4.2). */
const LONGEST_TYPE = 127;
/** Spellings of types that are in use beside the registered ones. */
const SPELLINGS: Readonly<Record<string, string>> = {
	'image/jpg': 'image/jpeg',
	'image/pjpeg': 'image/jpeg',
	'image/x-png': 'image/png',
	'application/mp4': 'video/mp4',
	'video/x-m4v': 'video/mp4',
};
/** What n8n has in place of a file's data where it keeps the file elsewhere, under an ID. */
const STORED_ELSEWHERE = /^(filesystem(-v2)?|database|s3)$/;
/** A character that is in no base64, of URLs neither. Quotes and line breaks around it or in it do not matter. */
const NOT_BASE64 = /[^\w+/=\s"'-]/;
/** How many fields an error lists. */
const MOST_LISTED = 10;
const A: Readonly<Record<ReferenceName, string>> = { image: 'an image', video: 'a video' };

/**
 * A file of an item for one of the references: what it is, its first bytes say; its type and its name only where they say
 * nothing.
 * @param label what the editor calls the parameter
 * @param given the name of the binary field, or the file itself, as an expression may give it
 * @throws SegmindError of kind `input`
 */
export async function readItemFile(
	item: ItemInput,
	label: string,
	name: ReferenceName,
	given: unknown,
): Promise<FileContent> {
	const [field, binary] = isBinary(given) ? [nameOf(given), given] : named(item, label, given);
	if (!binary.id && STORED_ELSEWHERE.test(String(binary.data))) {
		const problem = `must name ${A[name]}, but “${field}” is n8n's internal reference to a file, without the file's ID`;
		throw invalid(label, problem, 'In the previous node, pass on the whole binary field, not only its data.');
	}
	const told = binary.id ? undefined : notContent(binary.data, name);
	if (told) throw invalid(label, `must name ${A[name]}, but “${field}” ${told.problem}`, told.todo ?? todoOf(label));
	const outcome = await settle(async () => await item.file(binary));
	if ('error' in outcome && outcome.error instanceof SegmindError) throw outcome.error;
	if ('error' in outcome) throw invalid(label, `names “${field}”, a file that n8n can no longer read`, todoOf(label));
	const file = outcome.value;
	if (file.facts.size === 0) throw invalid(label, `must name ${A[name]}, but “${field}” is empty`, todoOf(label));
	return { ...file, mimeType: typeOf(label, name, field, file) };
}

/** What a text is in place of a file's content, which is base64 or a data URL. */
function notContent(data: unknown, name: ReferenceName): Problem | undefined {
	if (typeof data !== 'string') return undefined;
	const text = data.trimStart().slice(0, 10);
	if (/^data:/i.test(text) || !NOT_BASE64.test(data)) return undefined;
	if (!/^https?:/i.test(text)) return { problem: 'has data that is not base64' };
	const todo = `Choose URL as the ${name === 'image' ? 'Image' : 'Video'} Source, or download the file first.`;
	return { problem: 'has a URL as its data', todo };
}

function todoOf(label: string): string {
	return `Correct “${label}”, or check the node that the file comes from.`;
}

function named(item: ItemInput, label: string, given: unknown): [string, IBinaryData] {
	const field = valueOf(label, readFieldName(present(label, given)));
	const binary = Object.hasOwn(item.binaries, field) ? item.binaries[field] : undefined;
	if (binary) return [field, binary];
	const others = Object.entries(item.binaries).flatMap(([key, file]) => (file ? [`${key} (${nameOf(file)})`] : []));
	const more = others.length > MOST_LISTED ? ` and ${others.length - MOST_LISTED} more` : '';
	const listed = `It has: ${others.slice(0, MOST_LISTED).join(', ')}${more}.`;
	const has = others.length > 0 ? listed : 'It has no files at all.';
	throw inputError(`The item has no file in the field “${field}”. ${has}`, `Correct “${label}”.`);
}

/** The type that a file is uploaded under. @throws SegmindError of kind `input` where it is not of the wanted kind */
function typeOf(label: string, name: ReferenceName, field: string, { binary, facts }: FileContent): string {
	const refuse = (what: string) => invalid(label, `must name ${A[name]}, but “${field}” is ${what}`, todoOf(label));
	const medium = facts.kind && MEDIA[facts.kind];
	if (medium?.type === name) return medium.mimeType;
	if (medium) throw refuse(medium.type === 'other' ? medium.name : medium.mimeType);
	const declared = declaredType(binary);
	if (declared.startsWith(`${name}/`) && !SAYS_NOTHING.test(declared)) return declared;
	const byName = kindByName(binary.fileName ?? '');
	if (SAYS_NOTHING.test(declared) && byName && MEDIA[byName].type === name) return MEDIA[byName].mimeType;
	throw refuse(SAYS_NOTHING.test(declared) ? 'of a kind that is not known' : declared);
}

/** The type that n8n has for a file, as the registry of types writes it. */
function declaredType({ mimeType }: IBinaryData): string {
	const text = String(mimeType ?? '')
		.trim()
		.toLowerCase();
	// what comes behind a character that is in no type is a parameter, or a mistake
	const type = text.split(/[^\w.+/*-]/)[0].slice(0, LONGEST_TYPE);
	return SPELLINGS[type] ?? type;
}

function nameOf({ fileName, mimeType }: IBinaryData): string {
	return fileName || mimeType || 'no name';
}

/** An expression may give the file itself: {{ $('Form').item.binary.image }}, or {{ $binary.image }}, which lacks the data. */
function isBinary(given: unknown): given is IBinaryData {
	return typeof given === 'object' && given !== null && ('data' in given || 'id' in given) && !Array.isArray(given);
}

import type { INodeProperties } from 'n8n-workflow';

import type { ReferenceName } from '../jobs/order';
import { concerns } from '../media/limits';
import type { CharacterOrientation } from '../segmind/types';
import type { FileContent } from '../transport/file';
import { readItemFile } from './file';
import { emptyExpression, invalid, present, valueOf } from './invalid';
import type { ItemInput } from './itemInput';
import { readPublicUrl } from './publicUrl';
import { describe, readChoice } from './words';

/** What the editor calls the references. */
export const REFERENCE_LABELS: Readonly<Record<ReferenceName, string>> = { image: 'Image', video: 'Video' };
/** What an empty reference means for the video. */
export const MISSING: Readonly<Record<ReferenceName, string>> = {
	image: 'Without an image the model has no character to animate.',
	video: 'Without a motion video the model has nothing to transfer.',
};
const SOURCES = [
	{ value: 'url', label: 'URL' },
	{ value: 'binary', label: 'File From Previous Node' },
];

/** The fields of one of the two references: a URL, or a file of the input item. */
export function referenceFields(reference: { name: ReferenceName; what: string; sample: string }): INodeProperties[] {
	const { name, what, sample } = reference;
	const label = REFERENCE_LABELS[name];
	return [
		{
			displayName: `${label} Source`,
			name: `${name}Source`,
			type: 'options',
			default: 'url',
			description: `Where the ${name} comes from`,
			options: [
				{ name: 'File From Previous Node', value: 'binary', description: 'Uploaded to Segmind, which is free' },
				{ name: 'URL', value: 'url', description: 'A public URL' },
			],
		},
		{
			displayName: `${label} URL`,
			name: `${name}Url`,
			type: 'string',
			default: '',
			placeholder: `e.g. ${sample}`,
			description: `Public URL of ${what}`,
			displayOptions: { show: { [`${name}Source`]: ['url'] } },
		},
		{
			displayName: `${label} Input Binary Field`,
			name: `${name}BinaryProperty`,
			type: 'string',
			default: name,
			required: true,
			hint: `In a form, the name is the field label, such as ${label}. Two downloads are both named data: rename one before Merge.`,
			description: `Name of the input field with ${what}`,
			displayOptions: { show: { [`${name}Source`]: ['binary'] } },
		},
	];
}

/** A reference of an item: a URL, a file, or neither. */
interface Reference {
	url?: string;
	file?: FileContent;
}

/**
 * A reference of an item. What is odd about it, without being wrong, is shown as a hint.
 * @throws SegmindError of kind `input`
 */
export async function readReference(
	item: ItemInput,
	name: ReferenceName,
	orientation: CharacterOrientation,
): Promise<Reference> {
	const label = REFERENCE_LABELS[name];
	if (readSource(item, name) === 'url') return { url: readUrl(item, name) };
	const property = item.parameter(`${name}BinaryProperty`, name);
	const file = await readItemFile(item, `${label} Input Binary Field`, name, property);
	for (const concern of concerns(file.facts, name, orientation)) item.warn(concern);
	return { file };
}

/** @throws SegmindError of kind `input` also for a label as it is: n8n leaves out the fields of a source that it does not know */
function readSource(item: ItemInput, name: ReferenceName): string {
	const parameter = `${name}Source`;
	const label = `${REFERENCE_LABELS[name]} Source`;
	const given = present(label, item.parameter(parameter, 'url'));
	const source = valueOf(label, readChoice(given, SOURCES));
	if (source === given || item.expression(parameter) !== undefined) return source;
	const todo = `Choose “${label}” again: for other values n8n leaves out the field below it.`;
	throw invalid(label, `must be ${source}, not ${describe(given)}`, todo);
}

function readUrl(item: ItemInput, name: ReferenceName): string | undefined {
	const parameter = `${name}Url`;
	const label = `${REFERENCE_LABELS[name]} URL`;
	const given = present(label, item.parameter(parameter, ''));
	const reading = readPublicUrl(given, name);
	const url = valueOf(label, reading);
	if ('hint' in reading && reading.hint) item.warn(`${label}: ${reading.hint}`);
	if (url !== undefined) return url;
	const expression = item.expression(parameter);
	// an expression with white space around it gives this where it finds nothing, and one of several parts an empty text
	if (given !== '' && expression !== undefined) throw emptyExpression(label, 'white space');
	if (/\}\}[^]*\{\{/.test(expression ?? '')) throw emptyExpression(label, 'an empty text');
	item.warn(MISSING[name]);
	return undefined;
}

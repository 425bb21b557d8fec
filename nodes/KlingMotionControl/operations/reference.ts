import type { INodeProperties } from 'n8n-workflow';

import { settle } from '../jobs/repeat';
import type { Run } from '../jobs/run';
import { invalid } from '../segmind/request';
import { inspect, type File } from '../transport/file';

/** The two references of the model: a picture of the character and a video of the motion. */
export type ReferenceName = 'image' | 'video';

const MB = 1024 * 1024;
const LABELS: Readonly<Record<ReferenceName, string>> = { image: 'Image', video: 'Video' };
/** What other hosts of the model take at most, in bytes (segmind-api.md, "The model"): a reason for a warning, not ours to enforce. */
const USUAL_LIMITS: Readonly<Record<ReferenceName, number>> = { image: 10 * MB, video: 100 * MB };

/** The fields of one of the two references: an address, or a file of the input item. */
export function referenceFields(reference: {
	label: string;
	name: ReferenceName;
	what: string;
	sample: string;
}): INodeProperties[] {
	const { label, name, what, sample } = reference;
	return [
		{
			displayName: `${label} Source`,
			name: `${name}Source`,
			type: 'options',
			default: 'url',
			description: `Where the ${name} comes from`,
			options: [
				{ name: 'File From Previous Node', value: 'binary', description: 'Uploaded to Segmind, at no cost' },
				{ name: 'URL', value: 'url', description: 'A public address' },
			],
		},
		{
			displayName: `${label} URL`,
			name: `${name}Url`,
			type: 'string',
			default: '',
			placeholder: `e.g. ${sample}`,
			description: `Public address of ${what}`,
			displayOptions: { show: { [`${name}Source`]: ['url'] } },
		},
		{
			displayName: `${label} Input Field`,
			name: `${name}BinaryProperty`,
			type: 'string',
			default: name,
			required: true,
			hint: 'The name of the input binary field that holds the file',
			description: `Binary field of the input item with ${what}`,
			displayOptions: { show: { [`${name}Source`]: ['binary'] } },
		},
	];
}

/**
 * A reference of an item: an address that is still to be checked, or a file that was.
 * @throws SegmindError of kind `input`, or n8n's own error where the item has no such field
 */
export async function readReference(
	run: Run,
	itemIndex: number,
	name: ReferenceName,
): Promise<{ url?: unknown; file?: File }> {
	const { context } = run;
	const source: unknown = context.getNodeParameter(`${name}Source`, itemIndex, 'url');
	if (source === 'url') return { url: context.getNodeParameter(`${name}Url`, itemIndex, '') };
	if (source !== 'binary') throw invalid(`${LABELS[name]} Source`, 'must be url or binary');

	const property = context.getNodeParameter(`${name}BinaryProperty`, itemIndex, name) as string;
	const binary = context.helpers.assertBinaryData(itemIndex, property);
	const field = `${LABELS[name]} Input Field (${property})`;
	if (!binary.mimeType.startsWith(`${name}/`)) {
		throw invalid(field, `must hold ${name === 'image' ? 'an image' : 'a video'}, not ${binary.mimeType}`);
	}
	const outcome = await settle(() => inspect(context, binary));
	if ('error' in outcome) throw invalid(field, 'must hold a file that can still be read');
	const file = outcome.value;
	if (file.size === 0) throw invalid(field, 'must not hold an empty file');
	if (file.size > USUAL_LIMITS[name]) warn(run, itemIndex, name, file.size);
	return { file };
}

function warn(run: Run, itemIndex: number, name: ReferenceName, size: number): void {
	run.context.addExecutionHints({
		message: `Item ${itemIndex}: the ${name} has ${Math.round(size / MB)} MB. Kling takes ${USUAL_LIMITS[name] / MB} MB elsewhere, so Segmind may reject it.`,
		location: 'outputPane',
		type: 'warning',
	});
}

import type { INodeProperties } from 'n8n-workflow';

import { requestIdInUrl } from '../segmind/response';
import { isRequestId } from '../segmind/routes';
import { emptyExpression, invalid, present } from './invalid';
import type { ItemInput } from './itemInput';
import { unevaluated } from './mistaken';
import { unwrap } from './pastedUrl';
import { visible } from './visible';
import { describe } from './words';

const WANTED = 'must be the request_id of an earlier request';

/** The field for the id of an earlier request. */
export const requestIdField: INodeProperties = {
	displayName: 'Request ID',
	name: 'requestId',
	type: 'string',
	default: '={{ $json.request_id }}',
	required: true,
	placeholder: 'e.g. 8f14e45f-ceea-4672-9c2b-1f0a3d5b7c21',
	description: 'The request_id of an earlier request, whose video can be downloaded for 7 days',
};

/** The form that Segmind's ids have, with its dashes or without. */
const UUID = /(?<![\da-f])(?:[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|[\da-f]{32})(?![\da-f])/gi;

/**
 * A request id that is safe inside a path, also out of what it was pasted in: quotes, a list of one, the URL of its status, an
 * error's sentence, the name of the node's file.
 * @throws SegmindError of kind `input` where the value cannot be one
 */
export function readRequestId(item: ItemInput): string {
	const given = present('Request ID', item.parameter('requestId', ''));
	const value: unknown = Array.isArray(given) && given.length === 1 ? given[0] : given;
	if (!['string', 'number'].includes(typeof value)) throw invalid('Request ID', `${WANTED}, not ${describe(value)}`);
	const text = unwrap(visible(String(value)));
	if (text === '') throw invalid('Request ID', 'is empty');
	if (/^(?:undefined|null|NaN)$/.test(text)) throw emptyExpression('Request ID', text);
	const problem = unevaluated(text);
	if (problem) throw invalid('Request ID', problem.problem, problem.todo);
	const id = idIn(text);
	if (id === undefined) throw invalid('Request ID', `${WANTED}, not ${describe(value)}`);
	return id;
}

function idIn(text: string): string | undefined {
	if (/^https?:/i.test(text)) return requestIdInUrl(text);
	// a sentence ends with a point, and a file's name with an extension
	if (isRequestId(text) && !/\.(?:[a-z]\w{2,3})?$/i.test(text)) return text;
	const ids = new Set(text.match(UUID));
	const [only] = ids;
	return ids.size > 1 ? undefined : (only ?? (isRequestId(text) ? text : undefined));
}

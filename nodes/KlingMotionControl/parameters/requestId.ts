import type { INodeProperties } from 'n8n-workflow';

import { requestIdInUrl } from '../segmind/response';
import { isRequestId } from '../segmind/routes';
import { invalid, present } from './invalid';
import type { ItemInput } from './itemInput';
import { unevaluated } from './mistaken';
import { unwrap } from './pastedUrl';
import { visible } from './visible';

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

/**
 * A request id that is safe inside a path, also out of what it was pasted in: quotes, a list of one, the URL of its status.
 * @throws SegmindError of kind `input` where the value cannot be one
 */
export function readRequestId(item: ItemInput): string {
	const given = present('Request ID', item.parameter('requestId', ''));
	const value: unknown = Array.isArray(given) && given.length === 1 ? given[0] : given;
	if (!['string', 'number'].includes(typeof value)) throw invalid('Request ID', WANTED);
	const text = unwrap(visible(String(value)));
	if (text === '') throw invalid('Request ID', 'is empty');
	const problem = unevaluated(text);
	if (problem) throw invalid('Request ID', problem.problem, problem.todo);
	const id = /^https?:/i.test(text) ? requestIdInUrl(text) : text;
	if (!isRequestId(id)) throw invalid('Request ID', WANTED);
	return id;
}

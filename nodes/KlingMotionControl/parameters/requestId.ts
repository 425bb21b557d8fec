import type { INodeProperties } from 'n8n-workflow';

import { isRequestId } from '../segmind/routes';
import { invalid, present } from './invalid';
import type { ItemInput } from './itemInput';
import { visible } from './visible';

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

/** A request id that is safe inside a path. @throws SegmindError of kind `input` where the value cannot be one */
export function readRequestId(item: ItemInput): string {
	const value = present('Request ID', item.parameter('requestId', ''));
	const id = ['string', 'number'].includes(typeof value) ? visible(String(value)).trim() : value;
	if (id === '') throw invalid('Request ID', 'is empty');
	if (!isRequestId(id)) {
		throw invalid('Request ID', 'must be the request_id of an earlier request');
	}
	return id;
}

import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { SegmindApi } from '../../../credentials/SegmindApi.credentials';
import { KlingMotionControl } from '../../../nodes/KlingMotionControl/KlingMotionControl.node';

const { description } = new KlingMotionControl();

/** What the editor calls a value of a parameter. */
export function optionOf(parameter: string, value: string): INodePropertyOptions {
	const options = description.properties
		.filter(({ name }) => name === parameter)
		.flatMap((property) => (property.options ?? []) as INodePropertyOptions[]);
	const option = options.find((each) => each.value === value);
	if (!option) throw new Error(`${parameter} has no ${value}`);
	return option;
}

/** What the editor calls the options of an operation, in its order. */
export function optionLabels(operation: string): string[] {
	const collection = description.properties.find(
		({ name, displayOptions }) => name === 'options' && displayOptions?.show?.operation?.includes(operation),
	);
	return ((collection?.options ?? []) as INodeProperties[]).map(({ displayName }) => displayName);
}

/** The hint that is shown for a value of a parameter. */
export function hintOf(parameter: string, value: string): string {
	const hint = description.hints?.find(({ displayCondition }) =>
		displayCondition?.includes(`$parameter.${parameter} === "${value}"`),
	);
	if (!hint) throw new Error(`no hint for ${parameter} ${value}`);
	return hint.message;
}

/** What the credential's test says of an HTTP status. */
export function credentialMessageOf(status: number): string {
	const rule = new SegmindApi().test.rules?.find(
		({ type, properties }) => type === 'responseCode' && properties.value === status,
	);
	if (!rule) throw new Error(`no rule for ${status}`);
	return rule.properties.message;
}

import type { INodeProperties } from 'n8n-workflow';

import { present, valueOf } from './invalid';
import type { ItemInput } from './itemInput';
import { readNumber } from './words';

/** An option of the node: what the editor shows of it, and how its value is read. */
export interface Option<T> {
	field: INodeProperties;
	/** @throws SegmindError of kind `input` that names the option */
	read(given: unknown): T;
}

/** The values of some options, by their names. */
export type OptionValues<Options> = { [Name in keyof Options]: Options[Name] extends Option<infer T> ? T : never };

/** The collection that the editor shows for these options. */
export function optionsField(options: Readonly<Record<string, Option<unknown>>>): INodeProperties {
	const fields = Object.values(options).map(({ field }) => field);
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: fields.sort((a, b) => a.displayName.localeCompare(b.displayName)),
	};
}

/** The values of an item's options, those that are not set by their defaults. @throws SegmindError of kind `input` */
export function readOptions<Options extends Record<string, Option<unknown>>>(
	item: ItemInput,
	options: Options,
): OptionValues<Options> {
	const given = item.options();
	const values = Object.entries(options).map(([name, { field, read }]) => [
		name,
		read(name in given ? present(field.displayName, given[name]) : field.default),
	]);
	return Object.fromEntries(values) as OptionValues<Options>;
}

/** A number above 0. @throws SegmindError of kind `input` */
export function positive(label: string, given: unknown, max?: number): number {
	return valueOf(label, readNumber(given, { min: 0, isAbove: true, ...(max !== undefined && { max }) }));
}

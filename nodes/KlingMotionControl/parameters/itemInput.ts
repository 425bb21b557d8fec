import { NodeOperationError, type IBinaryData, type IDataObject, type IExecuteFunctions } from 'n8n-workflow';

import type { Progress } from '../jobs/progress';
import { settle } from '../jobs/repeat';
import { isRecord } from '../segmind/json';
import { readFile, type FileContent } from '../transport/file';
import { invalid } from './invalid';
import { describe } from './words';

/** The parameters and files of one item, as n8n gives them: nothing is known about their types. */
export class ItemInput {
	/**
	 * @param progress hears of what is odd about the item, without being wrong
	 * @param files the files of the run that were read already, by their place in n8n's binary store
	 */
	constructor(
		private readonly context: IExecuteFunctions,
		readonly index: number,
		private readonly progress: Pick<Progress, 'warn'>,
		private readonly files = new Map<string, Promise<FileContent>>(),
	) {}

	/** A parameter's value. @throws NodeOperationError in n8n's own words where its expression fails */
	parameter(name: string, fallback?: unknown): unknown {
		try {
			return this.context.getNodeParameter(name, this.index, fallback);
		} catch (error) {
			throw new NodeOperationError(this.context.getNode(), error as Error, { itemIndex: this.index });
		}
	}

	/** The expression that a parameter's value comes from, which may have found nothing; undefined where there is none. */
	expression(name: string): string | undefined {
		const raw: unknown = this.context.getNodeParameter(name, this.index, '', { rawExpressions: true });
		return typeof raw === 'string' && raw.startsWith('=') ? raw.slice(1) : undefined;
	}

	/**
	 * The collection of options.
	 * @throws NodeOperationError in n8n's own words where an expression in it fails
	 * @throws SegmindError of kind `input` where it is no collection, so that no option is left out in silence
	 */
	options(): IDataObject {
		const given = this.parameter('options', {}) ?? {};
		if (isRecord(given)) return given as IDataObject;
		const isEmpty = Array.isArray(given) ? given.length === 0 : given === '';
		if (!isEmpty) throw invalid('Options', `must be an object, not ${describe(given)}`);
		return {};
	}

	/** The workflow's time zone, such as Europe/Berlin. */
	get timezone(): string {
		return this.context.getTimezone();
	}

	/** The files of the item, by the names of their fields. */
	get binaries(): Readonly<Record<string, IBinaryData | null | undefined>> {
		return this.context.getInputData()[this.index]?.binary ?? {};
	}

	/** A file's content, read once where several items share it. @throws as `readFile` does */
	async file(binary: IBinaryData): Promise<FileContent> {
		const read = (binary.id && this.files.get(binary.id)) || readFile(this.context, binary);
		if (binary.id) this.files.set(binary.id, read);
		const outcome = await settle(async () => await read);
		if ('value' in outcome) return { ...outcome.value, binary };
		throw outcome.error;
	}

	/** Warns of something beside the output. */
	warn(message: string): void {
		this.progress.warn(this.index, message);
	}
}

/** A workflow to run, or leave to make the next try of one. */
export type NodeOrder = { id: string } & ({ baseUrl: string; storageUrl: string; options: object } | { goOn: true });

/** An error as n8n has it. */
export interface Failure {
	message: string;
	description?: string;
}

/** What it tells: that a try failed, or how the execution ended. */
export type NodeEvent = { id: string } & ({ failed: Failure } | { ended: Ended });

/** The end of an execution. */
export interface Ended {
	error?: Failure;
	/** The JSON of the items. */
	items: object[];
	/** Whether the first item has the whole video. */
	whole: boolean;
}

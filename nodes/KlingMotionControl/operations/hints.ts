import type { NodeHint } from 'n8n-workflow';

import type { ReferenceName } from '../jobs/order';
import { MISSING } from '../parameters/reference';

/** What the editor says below the parameters before a run, where a choice has a consequence (docs/segmind-api.md, "The model", "v1", "v2"). */
export const hints: NodeHint[] = [
	missing('image'),
	missing('video'),
	hint(
		'$parameter.operation === "generate"',
		"A video takes about 10 minutes and costs about $0.97, or $1.72 with Pro. Progress is in the browser's console (F12). With Reuse Within set, the next try with the same inputs is free.",
	),
	hint(
		'$parameter.operation === "submit"',
		"A video costs about $0.97, or $1.72 with Pro. To survive a crash of n8n: add a Wait node (5 minutes), then Get Video with Wait for Completion off, and loop back to Wait until the status is COMPLETED. The video's URL works for 7 days.",
	),
	hint(
		'$parameter.characterOrientation === "image"',
		'With Character Orientation set to Image, the motion video can be up to 10 seconds long.',
	),
	hint(
		'$parameter.options?.apiMode === "sync"',
		'In Blocking mode, one connection stays silent for about 10 minutes. If a proxy or a firewall cuts it, the video is paid for and may be lost.',
	),
	hint(
		'$parameter.operation === "generate" && $parameter.options?.timeout < 15',
		'A video takes about 10 minutes. If the timeout comes first, the video is still charged: Get Video fetches it by the ID in the error.',
	),
];

function hint(condition: string, message: string): NodeHint {
	return {
		message,
		type: 'info',
		location: 'outputPane',
		whenToDisplay: 'beforeExecution',
		displayCondition: `={{ ${condition} }}`,
	};
}

/** A URL that comes from an expression is known only once the node runs: as long as that finds nothing, it is not empty. */
function missing(name: ReferenceName): NodeHint {
	const operation = '["generate", "submit"].includes($parameter.operation)';
	return hint(`${operation} && $parameter.${name}Source === "url" && $parameter.${name}Url === ""`, MISSING[name]);
}

import type { NodeHint } from 'n8n-workflow';

import type { ReferenceName } from '../jobs/order';
import { MISSING } from '../parameters/reference';

/** What the editor says below the parameters where a choice has a consequence (docs/segmind-api.md, "The model", "v1", "v2"). */
export const hints: NodeHint[] = [
	missing('image'),
	missing('video'),
	hint(
		'$parameter.characterOrientation === "image"',
		'Image orientation: the motion video may be 10 seconds long at most.',
	),
	hint(
		'$parameter.options?.apiMode === "sync"',
		'Blocking: one connection stays silent for about 10 minutes. Where a proxy or a firewall cuts it, the video is paid for and may be lost.',
	),
	hint(
		'$parameter.options?.timeout < 15',
		'A video takes about 10 minutes. If the time is up before it is ready, it is paid for, and Get Video fetches it by the ID in the error.',
	),
	hint('$parameter.operation === "submit"', 'Segmind forgets a request after an hour: get the video before that.'),
];

function hint(condition: string, message: string): NodeHint {
	return {
		message,
		type: 'info',
		location: 'ndv',
		whenToDisplay: 'beforeExecution',
		displayCondition: `={{ ${condition} }}`,
	};
}

/** A URL that comes from an expression is known only once the node runs: as long as that finds nothing, it is not empty. */
function missing(name: ReferenceName): NodeHint {
	const operation = '["generate", "submit"].includes($parameter.operation)';
	return hint(`${operation} && $parameter.${name}Source === "url" && $parameter.${name}Url === ""`, MISSING[name]);
}

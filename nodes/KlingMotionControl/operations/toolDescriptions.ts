import type { INodeProperties } from 'n8n-workflow';

/** What a model should know before it calls the node as its tool, by operation (segmind-api.md, "The model"; design.md, "Promises"). */
const DESCRIPTIONS: Readonly<Record<string, string>> = {
	generate:
		'Makes a video of a character that moves like the person in another video. It needs a prompt, the public address of a picture of the character and the public address of a video of the motion, 3 to 30 seconds long; a whole body in view and clear proportions work best in both. It takes about 10 minutes and costs about 1 USD each time: call it once for each video that was asked for. It answers with the video_url, which works for 7 days. An error that names a request ID was paid for: do not ask for the same video under other words.',
	getCredits: 'Tells how many Segmind credits are left. It costs nothing.',
	getVideo:
		'Gets the video of an earlier request by its request ID, within about an hour. It costs nothing and may be called again. It answers with the status and, once that is COMPLETED, the video_url, which works for 7 days.',
	submit:
		'Asks for a video of a character that moves like the person in another video, and answers at once with its request_id. It needs a prompt, the public address of a picture of the character and the public address of a video of the motion, 3 to 30 seconds long; a whole body in view and clear proportions work best in both. It costs about 1 USD each time: call it once for each video that was asked for. The video is there after about 10 minutes, and is fetched by its request_id within about an hour.',
};

/** The field that n8n reads as the description of a tool, in place of its own, which says no more than the operation's name. */
export const toolDescriptions: INodeProperties[] = Object.entries(DESCRIPTIONS).map(([operation, text]) => ({
	displayName: 'Tool Description',
	name: 'toolDescription',
	type: 'string',
	typeOptions: { rows: 4 },
	default: text,
	required: true,
	description: 'What the model is told about this tool, for it to choose the tool and to fill in its fields well',
	displayOptions: { show: { '@tool': [true], operation: [operation] } },
}));

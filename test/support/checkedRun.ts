import type { IncomingMessage, ServerResponse } from 'node:http';

import type { INodeExecutionData } from 'n8n-workflow';

import { systemClock } from '../../nodes/KlingMotionControl/transport/clock';
import type { Limits } from '../../nodes/KlingMotionControl/transport/limits';
import { nodeOn } from './clocks';
import type { FakeServer } from './fakeSegmind/server';
import type { WorkflowRun } from './inProcessN8n';
import { mediaFile } from './mediaFiles';
import { sendFile, type ReferenceHost } from './referenceHost';
import { runSample } from './sample';

/** What a host answers, by path. */
export type Answers = Record<string, (request: IncomingMessage, response: ServerResponse) => void>;

/** Answers with a media fixture, as a host does that knows ranges. */
export function fixture(name: string, type: string): Answers[string] {
	return (request, response) => sendFile(request, response, mediaFile(name), type);
}

/** The paths of an image and a video with which nothing is wrong. */
export const GOOD: [image: string, video: string] = ['/cat.jpg', '/dance.mp4'];
/** What they answer. */
export const GOOD_ANSWERS: Answers = {
	'/cat.jpg': fixture('portrait.jpg', 'image/jpeg'),
	'/dance.mp4': fixture('usual.mp4', 'video/mp4'),
};

/** What to run. */
export interface CheckedRun {
	server: FakeServer;
	host: ReferenceHost;
	/** The paths of each item's image and video on the host; `GOOD` by default. */
	paths?: Array<[image: string, video: string]>;
	limits?: Partial<Limits>;
	parameters?: object;
	run?: Partial<WorkflowRun>;
}

/** Submits items whose URLs are on a host, in the time of the machine. */
export async function submitChecked({ server, host, paths = [GOOD], limits, parameters, run }: CheckedRun) {
	const input: INodeExecutionData[] = paths.map(([image, video]) => ({
		json: { image: host.url + image, video: host.url + video },
	}));
	const urls = { imageUrl: '={{ $json.image }}', videoUrl: '={{ $json.video }}' };
	return await runSample(
		server,
		{ operation: 'submit', ...urls, ...parameters },
		{ nodeType: nodeOn(systemClock, limits), input, ...run },
	);
}

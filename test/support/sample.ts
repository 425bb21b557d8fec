import type { Clock } from '../../nodes/KlingMotionControl/transport/clock';
import { startFakeSegmind, type FakeServer } from './fakeSegmind/server';
import { KEY, type FakeSettings } from './fakeSegmind/service';
import { BINARY_MODE, runWorkflow, type WorkflowResult, type WorkflowRun } from './inProcessN8n';
import { fastNode } from './clocks';
import { SAMPLE } from './parameters';

/** How much faster than the wall clock the node's time runs here. */
export const FACTOR = 200;

/** Retry On Fail without a pause that a test would wait for. */
export const RETRY = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
/** Continue On Fail. */
export const CONTINUE = { onError: 'continueRegularOutput' as const };

/** `it` for a test that spoils n8n's files: binary data in memory has none. */
export const withFiles = BINARY_MODE === 'filesystem' ? it : it.skip;

/** Runs the sample in n8n's own engine against a fake Segmind on loopback; whoever asked closes the server. */
export async function runSample(
	settings: Partial<FakeSettings> | FakeServer = {},
	parameters: object = {},
	options: Partial<WorkflowRun> = {},
): Promise<WorkflowResult & { server: FakeServer }> {
	const server = 'segmind' in settings ? settings : await startFakeSegmind({ latency: 40, ...settings });
	const result = await runWorkflow({
		nodeType: fastNode(FACTOR),
		parameters: { ...SAMPLE, ...parameters },
		credential: credentialFor(server),
		...options,
	});
	return { ...result, server };
}

/** Settings of a fake Segmind that lives in the time of the node, where the times in its history matter. */
export function inTimeOf(clock: Clock): Pick<FakeSettings, 'now' | 'sleep'> {
	return {
		now: () => clock.now(),
		sleep: async (ms) => await clock.sleep(ms, new AbortController().signal),
	};
}

/** The credential for a fake Segmind; without a history where its URL is empty. */
export function credentialFor({ url, storageUrl, historyUrl }: FakeServer) {
	return { apiKey: KEY, baseUrl: url, storageUrl, historyUrl };
}

import { KEY } from '../support/fakeSegmind/service';
import type { Evidence } from './execution';
import { Service, type Job, type Post } from './service';

/** How long before a Stop the node must have heard of a job to know it, in ms. */
const MOMENT = 20;
/** POSTs of an item in one run of the node that may be refused by 503. */
const MOST_UNAVAILABLE = 6;
const DOUBT = /may have been accepted/;

/** What of the node's promises an execution broke, each as a sentence that begins with its letter. */
export function broken(evidence: Evidence): string[] {
	return [
		...paidOnce(evidence),
		...nothingLost(evidence),
		...wholeVideos(evidence),
		...nothingOpen(evidence),
		...nothingTold(evidence),
		...stopped(evidence),
	];
}

/** a. A POST is repeated only on proof that nothing was taken on. */
function paidOnce({ service, schedule }: Evidence): string[] {
	const faults: string[] = [];
	for (let item = 0; item < schedule.items; item++) {
		const posts = service.posts.filter((post) => post.item === item);
		for (const [at, post] of posts.slice(0, -1).entries()) {
			if (post.refused || post.job?.over) continue;
			const where = posts[at + 1]?.turn === post.turn ? 'at once' : 'on retry';
			faults.push(`a: a POST was repeated ${where} without proof, after ${describe(post)}`);
		}
		const unavailable = posts.filter(({ status, refused }) => status === 503 && refused);
		const byTurn = unavailable.map(({ turn }) => unavailable.filter((post) => post.turn === turn).length);
		if (Math.max(0, ...byTurn) > MOST_UNAVAILABLE)
			faults.push(`a: ${Math.max(...byTurn)} POSTs were answered with 503`);
	}
	return faults;
}

/** b. Every job is named at the end, or is said to be in doubt where nothing named it. */
function nothingLost(evidence: Evidence): string[] {
	const { service, hearing, stoppedAt = Infinity } = evidence;
	return service.jobs.flatMap((job) => {
		const said = saidOf(evidence, job.item);
		const isNamed = [job.id, job.alias].some((name) => name !== undefined && said.includes(name));
		if (job.over || isNamed) return [];
		const heard = job.told && hearing.heard(job.told);
		if (heard !== undefined && heard < stoppedAt - MOMENT)
			return [`b: the id of a job of item ${job.item} is lost: ${said}`];
		return DOUBT.test(said) ? [] : [`b: nothing says that item ${job.item} may have been accepted: ${said}`];
	});
}

/** c. A video that was delivered is that of a job of its item, byte for byte. */
function wholeVideos({ service, outputs }: Evidence): string[] {
	return outputs.flatMap(({ json, bytes, item }) => {
		if (json.error) return bytes ? ['c: an error has a video'] : [];
		if (!bytes) return [`c: item ${item} has no video`];
		const isOf = (job: Job) => {
			const video = Service.videoOf(job);
			return job.item === item && (job.cut ? video.subarray(0, bytes.length) : video).equals(bytes);
		};
		return service.jobs.some(isOf) ? [] : [`c: item ${item} has a wrong video of ${bytes.length} bytes`];
	});
}

/** d. Nothing stays open. */
function nothingOpen({ openSockets, sleeping }: Evidence): string[] {
	return [
		...(openSockets > 0 ? [`d: ${openSockets} sockets stayed open`] : []),
		...(sleeping > 0 ? [`d: ${sleeping} sleeps go on`] : []),
	];
}

/** e. No text has the key, HTML or a stack; the media host never meets the key. */
function nothingTold({ saved, outputs, error = '', service }: Evidence): string[] {
	const texts = `${error} ${JSON.stringify(outputs.map(({ json }) => json))}`;
	const plain = saved.replace(/\\+u([\da-f]{4})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
	return [
		...(plain.includes(KEY) ? ['e: the key is in a text'] : []),
		...(/<[a-z!/]/i.test(texts) ? [`e: HTML is in a text: ${texts}`] : []),
		...(/\bat .{0,80}:\d+:\d+/.test(texts) ? [`e: a stack is in a text: ${texts}`] : []),
		...service.leaks.map((leak) => `e: the media host got ${leak}`),
	];
}

/** f. A Stop stops. */
function stopped({ lastSent, stoppedAt = Infinity }: Evidence): string[] {
	const after = Math.round(lastSent - stoppedAt);
	return after > 0 ? [`f: a request was sent ${after} ms after the Stop`] : [];
}

/** What a person is told of an item: its own output item, else the error that ended the run. */
function saidOf({ outputs, error = '' }: Evidence, number: number): string {
	const own = outputs.filter(({ item }) => item === number).map(({ json }) => JSON.stringify(json));
	return `${own.join(' ')} ${error}`.trim();
}

function describe({ route, status, job }: Post): string {
	return `${route} was answered with ${status ?? 'nothing'}${job ? ' and taken on' : ''}`;
}

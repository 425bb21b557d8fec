import { startFakeSegmind } from '../test/support/fakeSegmind/server';
import { VIDEO } from '../test/support/fakeSegmind/service';

const MB = 1024 * 1024;

/**
 * A fake Segmind in a process of its own, so that its memory and its work count elsewhere. LATENCY says how long a job
 * takes, in s, and a prompt that is a number how large its video is, in MB. Any message is answered with the number of
 * requests so far.
 */
void startFakeSegmind({
	latency: Number(process.env.LATENCY ?? 0) * 1_000,
	video({ request }) {
		const size = Number(request.prompt) * MB;
		if (!size) return VIDEO;
		const video = Buffer.alloc(size);
		VIDEO.copy(video);
		return video;
	},
}).then(({ segmind, url, storageUrl }) => {
	process.on('message', () => process.send?.(segmind.log.length));
	process.send?.({ url, storageUrl });
});

import { startFakeSegmind } from '../test/support/fakeSegmind/server';
import { VIDEO } from '../test/support/fakeSegmind/service';

/** A fake Segmind in a process of its own, so that its memory counts elsewhere. A video has as many MB as its prompt says. */
void startFakeSegmind({
	video({ request }) {
		const video = Buffer.alloc(Number(request.prompt) * 1024 * 1024);
		VIDEO.copy(video);
		return video;
	},
}).then(({ url }) => process.send?.(url));

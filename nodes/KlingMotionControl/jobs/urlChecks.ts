import { MEDIA } from '../media/kind';
import { MediaReader, type MediaFacts } from '../media/reader';
import { reasonOfText } from '../segmind/reason';
import { fetchStart, type UrlStart } from '../transport/urlStart';
import type { ReferenceName } from './order';
import { settle } from './repeat';
import type { Session } from './session';

/** What is known of a reference's URL. */
interface UrlCheck {
	/** Why it is no use, as the end of a sentence that begins with the URL's name; absent where nothing speaks against it. */
	problem?: string;
	/** What its beginning says of the file. */
	facts?: MediaFacts;
}

/** Statuses by which a host says that there is nothing for Segmind. */
const REFUSALS: readonly number[] = [401, 403, 404, 410];
const AN: Readonly<Record<ReferenceName, string>> = { image: 'an image', video: 'a video' };

/** Looks at the URLs of references before anything is bought: each once a run, however many items share it. */
export class UrlChecks {
	private readonly starts = new Map<string, Promise<UrlStart | undefined>>();

	constructor(private readonly session: Session) {}

	/** What is known of a URL. A fault of the network is no reason against it: Segmind has another way there. */
	async check(url: string, name: ReferenceName): Promise<UrlCheck> {
		const start = await (this.starts.get(url) ?? this.begin(url));
		return start ? judge(start, name) : {};
	}

	private async begin(url: string): Promise<UrlStart | undefined> {
		const start = settle(async () => await fetchStart(this.session, url)).then((outcome) =>
			'value' in outcome ? outcome.value : undefined,
		);
		this.starts.set(url, start);
		return await start;
	}
}

function judge({ status, bytes, isCut, size }: UrlStart, name: ReferenceName): UrlCheck {
	if (REFUSALS.includes(status)) {
		const text = bytes.toString('utf8');
		// an object storage says why, as in "Request has expired"; a web server only repeats the status
		const reason = /^\s*(?:\{|<\?xml)/.test(text) ? reasonOfText(text) : undefined;
		return { problem: `cannot be used: its host answered HTTP ${status}${reason ? `: ${reason}` : ''}` };
	}
	if (status !== 200 && status !== 206) return {};
	const reader = new MediaReader();
	reader.push(bytes);
	const facts = { ...reader.facts(), size: size ?? 0 };
	const { kind } = facts;
	// the first letters of any file may read as text
	if (kind === 'text' && isCut) return {};
	if (!kind || MEDIA[kind].type === name) return { facts };
	return { problem: `is ${MEDIA[kind].name}, not ${AN[name]}` };
}

import { answerError, networkError, storeError, unreadableError } from '../segmind/faults';
import { redactor } from '../segmind/redact';
import { breaksOff, isSuccess, requestIdIn } from '../segmind/response';
import { routes } from '../segmind/routes';
import type { Answer, Headers } from '../segmind/types';
import type { NetworkFault, Stage } from '../segmind/verdict';
import { inTime, readChunks } from './body';
import type { Environment } from './environment';
import { faultInBody, storeFault } from './fault';
import { uploadBody, type FileContent } from './file';
import { send, type Reply, type Request } from './http';

/** What the credential holds: the key, and the hosts that it may be sent to. */
export interface Credential {
	apiKey: string;
	baseUrl: string;
	storageUrl: string;
	/** Empty: there is none. */
	historyUrl: string;
}

/**
 * One exchange with Segmind at a time, with the credential's key and never anywhere but at the credential's own hosts: no
 * redirect is followed. Nothing is repeated here.
 */
export class SegmindClient {
	/** A text of the service without the key, should the service echo it. */
	readonly redacted: (text: string) => string;

	constructor(
		private readonly environment: Environment,
		private readonly credential: Credential,
	) {
		this.redacted = redactor(credential.apiKey);
	}

	/** A GET whose answer is a success. @throws SegmindError for any other one */
	async get(stage: Stage, path: string): Promise<Answer> {
		return await this.exchange(this.getRequest(stage, path));
	}

	/** A GET that asks for a job: its answer's body tells of it, whatever the status. @throws SegmindError where it did not come whole */
	async poll(path: string): Promise<Answer> {
		const reply = await this.reply(this.getRequest('poll', path));
		if (isSuccess(reply)) return await this.read('poll', reply);
		const answer = await this.readRefusal(reply);
		if (answer.partial) throw answerError('poll', answer);
		return answer;
	}

	/** Whether the credential names a history to ask. */
	get hasHistory(): boolean {
		return this.credential.historyUrl !== '';
	}

	/**
	 * A GET of the account's request history.
	 * @param timeout ms
	 * @throws SegmindError for anything but a success
	 */
	async getHistory(path: string, timeout: number): Promise<Answer> {
		return await this.exchange({
			stage: 'history',
			method: 'GET',
			url: this.credential.historyUrl + path,
			timeout,
		});
	}

	/** A POST that buys and is answered at once. @throws SegmindError for anything but a success */
	async submit(path: string, body: object): Promise<Answer> {
		return await this.exchange({
			stage: 'submit',
			method: 'POST',
			url: this.credential.baseUrl + path,
			body,
			timeout: this.environment.limits.submitTime,
		});
	}

	/**
	 * A POST that buys and is answered when the work is done, by a body to be read.
	 * @param timeout ms until the headers of the answer
	 * @throws SegmindError for anything but a success
	 */
	async submitAndWait(path: string, body: object, timeout: number): Promise<Reply> {
		const url = this.credential.baseUrl + path;
		return await this.send({ stage: 'submit', method: 'POST', url, body, timeout });
	}

	/** Sends a file to the storage, as a stream where n8n stores it outside the execution. @throws SegmindError for anything but a success */
	async upload(file: FileContent): Promise<Answer> {
		const { context, limits } = this.environment;
		const upload = await uploadBody(context, file).catch((error: unknown) => {
			throw storeError('upload', storeFault(error));
		});
		try {
			return await this.exchange({
				stage: 'upload',
				method: 'POST',
				url: this.credential.storageUrl + routes.upload,
				body: upload.body,
				headers: { 'content-type': 'application/json', 'content-length': String(upload.length) },
				timeout: limits.uploadTime,
			});
		} finally {
			// n8n's stream of a file stays open where the request fails before it is read
			upload.close();
		}
	}

	/**
	 * The body of a reply as text, without the key should the service echo it. Closes the reply.
	 * @param time ms that it may take
	 * @throws SegmindError where it breaks off or is too long
	 */
	async read(stage: Stage, reply: Reply, time = this.environment.limits.answerTime): Promise<Answer> {
		const { status, headers } = reply;
		const { text, fault, tooLong } = await this.readBody(reply, time);
		if (fault) throw networkError(stage, fault, text);
		if (tooLong) {
			const requestId = stage === 'submit' ? requestIdIn(text) : undefined;
			throw unreadableError(stage, { status, headers, text: '' }, 'is far too long').with({ requestId });
		}
		return { status, headers, text };
	}

	private async exchange(request: ClientRequest): Promise<Answer> {
		return await this.read(request.stage, await this.send(request));
	}

	private getRequest(stage: Stage, path: string): ClientRequest {
		const { answerTime: timeout } = this.environment.limits;
		return { stage, method: 'GET', url: this.credential.baseUrl + path, timeout };
	}

	private async send(request: ClientRequest): Promise<Reply> {
		const reply = await this.reply(request);
		if (isSuccess(reply)) return reply;
		throw answerError(request.stage, await this.readRefusal(reply));
	}

	private async reply(request: ClientRequest): Promise<Reply> {
		const { status, headers, body, close } = await send(this.environment, { ...request, credential: 'segmindApi' });
		return { status, headers: this.withoutKey(headers), body, close };
	}

	private async readRefusal(reply: Reply): Promise<Answer> {
		const { status, headers } = reply;
		const { text, fault, tooLong } = await this.readBody(reply, this.environment.limits.answerTime);
		// what was not read to its end may break off there
		const partial = fault !== undefined || tooLong || breaksOff({ headers, text });
		return { status, headers, text, partial };
	}

	/** What comes of a body within that many ms, and what kept the rest of it from coming. */
	private async readBody({ body, close }: Reply, time: number): Promise<ReadBody> {
		const { clock, limits } = this.environment;
		const end = clock.now() + time;
		const chunks: Buffer[] = [];
		const read = async () => await readChunks(body, chunks, limits.answerBytes);
		const outcome = await inTime(clock, body, () => end, read).then(
			(whole) => ({ tooLong: !whole }),
			(error: unknown) => ({ fault: faultInBody(error) }),
		);
		close();
		return { text: this.redacted(Buffer.concat(chunks).toString('utf8')), ...outcome };
	}

	private withoutKey(headers: Headers): Headers {
		return Object.fromEntries(Object.entries(headers).filter(([, value]) => this.redacted(value) === value));
	}
}

type ClientRequest = Omit<Request, 'credential'>;

interface ReadBody {
	text: string;
	fault?: NetworkFault;
	tooLong?: boolean;
}

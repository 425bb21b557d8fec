import type { IDataObject, IHttpRequestMethods } from 'n8n-workflow';

import { answerError, networkError, storeError, unreadableError } from '../segmind/errors';
import type { Stage } from '../segmind/meaning';
import { jsonObject } from '../segmind/response';
import type { Answer } from '../segmind/types';
import { UPLOAD_PATH } from '../segmind/upload';
import { inTime, readText, replyOf, type Reply } from './body';
import { faultCode, faultInBody, storeFault } from './fault';
import { uploadBody, type File } from './file';
import type { Session } from './session';

interface Request {
	stage: Stage;
	method: IHttpRequestMethods;
	url: string;
	body?: object | string;
	headers?: Record<string, string>;
	/** ms until the headers of the answer */
	timeout: number;
}

/**
 * One exchange with Segmind at a time, with the credential's key and never anywhere but at the credential's own
 * addresses: no redirect is followed. Nothing is repeated here.
 */
export class SegmindClient {
	private constructor(
		private readonly session: Session,
		private readonly baseUrl: string,
		private readonly storageUrl: string,
		private readonly apiKey: string,
	) {}

	/** @throws n8n's own error where the node has no credential */
	static async open(session: Session): Promise<SegmindClient> {
		const credential = await session.context.getCredentials('segmindApi');
		const address = (value: unknown, fallback: string) => String(value || fallback).replace(/\/+$/, '');
		return new SegmindClient(
			session,
			address(credential.baseUrl, 'https://api.segmind.com'),
			address(credential.storageUrl, 'https://workflows-api.segmind.com'),
			String(credential.apiKey ?? ''),
		);
	}

	/** A GET whose answer is a success. @throws SegmindError for any other one */
	async get(stage: Stage, path: string): Promise<Answer> {
		return await this.exchange({
			stage,
			method: 'GET',
			url: this.baseUrl + path,
			timeout: this.session.limits.answerTime,
		});
	}

	/** A POST whose answer comes at once. @throws SegmindError for anything but a success */
	async post(path: string, body: object): Promise<Answer> {
		return await this.exchange({
			stage: 'submit',
			method: 'POST',
			url: this.baseUrl + path,
			body,
			timeout: this.session.limits.submitTime,
		});
	}

	/** A POST that is answered when the work is done, by a body to be read. @throws SegmindError for anything but a success */
	async postAndWait(path: string, body: object, timeout: number): Promise<Reply> {
		return await this.send({ stage: 'submit', method: 'POST', url: this.baseUrl + path, body, timeout });
	}

	/** Sends a file to the storage, as a stream where n8n stores it outside the execution. @throws SegmindError for anything but a success */
	async upload(file: File): Promise<Answer> {
		const { context, limits } = this.session;
		const { body, length } = await uploadBody(context, file).catch((error: unknown) => {
			throw storeError('upload', storeFault(error));
		});
		return await this.exchange({
			stage: 'upload',
			method: 'POST',
			url: this.storageUrl + UPLOAD_PATH,
			body,
			headers: { 'content-type': 'application/json', 'content-length': String(length) },
			timeout: limits.uploadTime,
		});
	}

	/** The body of a reply as text, without the key should the service echo it. @throws SegmindError where it breaks off */
	async read(stage: Stage, reply: Reply): Promise<Answer> {
		const { status, headers, body } = reply;
		const { clock, limits } = this.session;
		const end = clock.now() + limits.answerTime;
		let text: string | undefined;
		try {
			text = await inTime(
				clock,
				body,
				() => end,
				async () => await readText(body, limits.answerBytes),
			);
		} catch (error) {
			throw networkError(stage, faultInBody(error));
		}
		if (text === undefined) throw unreadableError(stage, { status, headers }, 'is far too long');
		return { status, headers, text: this.redacted(text) };
	}

	private async exchange(request: Request): Promise<Answer> {
		return await this.read(request.stage, await this.send(request));
	}

	private async send({ stage, method, url, body, headers, timeout }: Request): Promise<Reply> {
		const { context } = this.session;
		let response: unknown;
		try {
			response = await context.helpers.httpRequestWithAuthentication.call(context, 'segmindApi', {
				method,
				url,
				...(headers && { headers }),
				...(body && { body: body as IDataObject }),
				json: true,
				encoding: 'stream',
				timeout,
				returnFullResponse: true,
				ignoreHttpStatusErrors: true,
				disableFollowRedirect: true,
			});
		} catch (error) {
			throw networkError(stage, faultCode(error));
		}
		const received = replyOf(response);
		const reply = received && { ...received, headers: this.withoutKey(received.headers) };
		if (!reply) throw unreadableError(stage, { status: 0, headers: {} }, 'n8n could not pass on');
		if (reply.status >= 200 && reply.status < 300) return reply;
		throw answerError(stage, await this.readError(reply));
	}

	/** An error's body: without it where it breaks off or is too long, since the status says enough. */
	private async readError(reply: Reply): Promise<Answer> {
		try {
			return await this.read('poll', reply);
		} catch {
			return { status: reply.status, headers: reply.headers, text: '' };
		}
	}

	/** JSON may write any character as an escape, so a text that has escapes is redacted in its plain form. */
	private redacted(text: string): string {
		if (!this.apiKey) return text;
		const body = text.includes('\\u') ? jsonObject(text) : undefined;
		return (body ? JSON.stringify(body) : text).replaceAll(this.apiKey, '[API key]');
	}

	private withoutKey(headers: Answer['headers']): Answer['headers'] {
		if (!this.apiKey) return headers;
		return Object.fromEntries(Object.entries(headers).filter(([, value]) => !value.includes(this.apiKey)));
	}
}

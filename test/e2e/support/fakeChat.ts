import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A tool as the chat API is told about it. */
export interface OfferedTool {
	name: string;
	description: string;
	parameters: { properties: Record<string, { description?: string; type?: string }>; required?: string[] };
}

/** What a model was asked. */
export interface ChatRequest {
	messages: Array<{ role: string; content: unknown }>;
	tools: OfferedTool[];
}

/** A fake of OpenAI's chat completions on loopback. */
export interface FakeChat {
	url: string;
	requests: ChatRequest[];
	close(): void;
}

/**
 * A model that calls its only tool, turn after turn, and then answers with what the tool gave.
 * @param turns the arguments of each call that a turn makes
 */
export async function startFakeChat(turns: object[][]): Promise<FakeChat> {
	const requests: ChatRequest[] = [];
	const server = createServer((request, response) => {
		let body = '';
		request.on('data', (chunk) => (body += chunk));
		request.on('end', () => {
			const {
				messages,
				tools = [],
				stream,
			} = JSON.parse(body) as Pick<ChatRequest, 'messages'> & {
				stream?: boolean;
				tools?: Array<{ function: OfferedTool }>;
			};
			requests.push({ messages, tools: tools.map((tool) => tool.function) });
			const results = messages.filter(({ role }) => role === 'tool');
			const turn = messages.filter(({ role }) => role === 'assistant').length;
			const next = turns[turn];
			const name = requests[0]?.tools[0]?.name;
			const message = next
				? {
						role: 'assistant',
						content: null,
						tool_calls: next.map((call, index) => ({
							index,
							id: `call_${turn}_${index}`,
							type: 'function',
							function: { name, arguments: JSON.stringify(call) },
						})),
					}
				: { role: 'assistant', content: `It is done: ${JSON.stringify(results.at(-1)?.content)}` };
			const finish = next ? 'tool_calls' : 'stop';
			const common = { id: 'chat-1', created: 0, model: 'fake' };
			if (stream) {
				response.writeHead(200, { 'content-type': 'text/event-stream' });
				const chunk = (delta: object, reason: string | null) =>
					response.write(
						`data: ${JSON.stringify({ ...common, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: reason }] })}\n\n`,
					);
				chunk(message, null);
				chunk({}, finish);
				return void response.end('data: [DONE]\n\n');
			}
			response.writeHead(200, { 'content-type': 'application/json' });
			response.end(
				JSON.stringify({
					...common,
					object: 'chat.completion',
					choices: [{ index: 0, message, finish_reason: finish }],
					usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
				}),
			);
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
		requests,
		close() {
			server.closeAllConnections();
			server.close();
		},
	};
}

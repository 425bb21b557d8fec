import { readRequestId, requestIdField } from '../../../../nodes/KlingMotionControl/parameters/requestId';
import { itemOf, refusal } from '../../../support/itemOf';

const read = (requestId: unknown) => readRequestId(itemOf({ parameters: { requestId } }).item);

it.each(['8f14e45f-ceea-4672-9c2b-1f0a3d5b7c21', 'a', 'A_b-9', '_a_', 'req:a.b', 'x'.repeat(128)])('takes %s', (id) => {
	expect(read(id)).toBe(id);
	expect(read(` ${id}\n`)).toBe(id);
});

it.each([
	['"a-1"'],
	["'a-1'"],
	['“a-1”'],
	['`a-1`'],
	['["a-1"]'],
	['<a-1>'],
	[['a-1']],
	['https://api.segmind.com/v2/requests/a-1'],
	['https://api.segmind.com/v2/requests/a-1/status'],
	['"https://api.segmind.com/v2/requests/a-1/status?x=1"'],
	['http://127.0.0.1:8080/proxy/v2/requests/a-1/'],
])('takes the id out of %p', (given) => expect(read(given)).toBe('a-1'));

const ID = '8f14e45f-ceea-4672-9c2b-1f0a3d5b7c21';
it.each([
	[`${ID}.`, ID],
	[`${ID},`, ID],
	[`item 0: ${ID}`, ID],
	[`Paid requests: item 0: ${ID}.`, ID],
	[`[request ${ID}]`, ID],
	[`{"request_id":"${ID}","status":"QUEUED"}`, ID],
	[`kling-motion-${ID}.mp4`, ID],
	[`kling-motion-${ID.replaceAll('-', '')}.mp4`, ID.replaceAll('-', '')],
	[`req:${ID}`, `req:${ID}`],
	['req:a.mp4', 'req:a.mp4'],
])('takes the one id in %p', (given, id) => expect(read(given)).toBe(id));

it('takes none of two', async () => {
	const error = await refusal(() => read(`item 0: ${ID}, item 1: ${ID.replace('8', '9')}`));
	expect(error.message).toMatch(/^Request ID must be the request_id of an earlier request, not “item 0: /);
});

it.each(['undefined', 'null', ' "undefined" '])('knows %p for an expression that found nothing', async (given) => {
	const error = await refusal(() => read(given));
	expect(error.message).toMatch(/^Request ID is empty: its expression gave (undefined|null)$/);
});

it.each(['{{ $json.request_id }}', '{{$json.request_id}}', '"{{ $json.id }}"'])(
	'knows %p for an expression',
	async (given) => {
		const error = await refusal(() => read(given));
		expect(error.message).toBe('Request ID contains an expression that n8n did not evaluate');
		expect(error.details.description).toMatch(/^Switch the field from Fixed to Expression\. /);
	},
);

it('takes a number for the id that it writes', () => expect(read(12_345)).toBe('12345'));

it.each(
	[
		'.',
		'..',
		'../x',
		'a/b',
		'a?b',
		'a#b',
		'a%2e',
		'ä',
		'１',
		'a b',
		'x'.repeat(129),
		1.5e300,
		true,
		{},
		[],
		['a', 'b'],
		[{}],
		[['a']],
		'https://api.segmind.com/v2/requests/',
		'https://x.test/a',
		'https://x.test/requests/%2e%2e',
		'a"b',
	].map((id) => [id]),
)('refuses %p', async (id) => {
	const error = await refusal(() => read(id));
	expect(error.message).toMatch(/^Request ID must be the request_id of an earlier request, not \S/);
	expect(error.details.description).toBe(
		'Correct “Request ID”. Nothing was sent to Segmind for this item. This item was not charged.',
	);
});

it.each(['', ' '])('refuses %p as empty', async (id) => {
	expect((await refusal(() => read(id))).message).toBe('Request ID is empty');
});

it('is that of the input by default', () => {
	expect(requestIdField).toMatchObject({ name: 'requestId', default: '={{ $json.request_id }}', required: true });
});

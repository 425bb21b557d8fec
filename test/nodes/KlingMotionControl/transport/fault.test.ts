import { faultCode, faultInBody } from '../../../../nodes/KlingMotionControl/transport/fault';

/** An error for each code, each the cause of the one before. */
function chain(...codes: unknown[]): Error {
	const [code, ...rest] = codes;
	const error = new Error('x', rest.length > 0 ? { cause: chain(...rest) } : {});
	return code === undefined ? error : Object.assign(error, { code });
}

it.each<[string, unknown, string]>([
	['the code of the error', chain('ECONNRESET'), 'ECONNRESET'],
	['the innermost code', chain('ERR_BAD_RESPONSE', undefined, 'ETIMEDOUT'), 'ETIMEDOUT'],
	['the outer code where the cause has none', chain('EPIPE', undefined), 'EPIPE'],
	['no code that is not of that shape', chain('EPIPE', 'econnreset'), 'EPIPE'],
	['no code that goes on with something else', chain('E1 <b>'), 'UNKNOWN'],
	['no code that begins with something else', chain(' ECONNRESET'), 'UNKNOWN'],
	['no status', chain(404), 'UNKNOWN'],
	['six causes at most', chain(undefined, undefined, undefined, undefined, undefined, 'E6', 'E7'), 'E6'],
	['what n8n 1 leaves of it', Object.assign(new Error('x'), { httpCode: 'ECONNREFUSED' }), 'ECONNREFUSED'],
	['no status as text', Object.assign(new Error('x'), { httpCode: '502' }), 'UNKNOWN'],
	['an error of another realm', { code: 'ECONNRESET' }, 'ECONNRESET'],
	['nothing in a text', 'ECONNRESET', 'UNKNOWN'],
	['nothing in nothing', undefined, 'UNKNOWN'],
])('finds %s', (_name, error, code) => expect(faultCode(error)).toBe(code));

it.each([
	['ETIMEDOUT', 'ETIMEDOUT'],
	['ECONNREFUSED', 'ECONNRESET'],
	['ECONNRESET', 'ECONNRESET'],
])('takes %s in the middle of a body for %s', (code, meant) => expect(faultInBody(chain(code))).toBe(meant));

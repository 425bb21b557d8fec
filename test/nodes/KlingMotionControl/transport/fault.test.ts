import { faultCode } from '../../../../nodes/KlingMotionControl/transport/fault';

const coded = (code: string, cause?: Error) => Object.assign(new Error('x', { cause }), { code });

it.each<[string, unknown, string]>([
	['the fault itself', coded('ECONNRESET'), 'ECONNRESET'],
	['what axios and n8n 2 wrap around it', new Error('x', { cause: coded('ERR_NETWORK', coded('EPIPE')) }), 'EPIPE'],
	['what n8n 1 leaves of it', Object.assign(new Error('x'), { httpCode: 'ECONNREFUSED' }), 'ECONNREFUSED'],
	['a status, which is not a fault of the network', Object.assign(new Error('x'), { httpCode: '502' }), 'UNKNOWN'],
	['no code', new Error('x'), 'UNKNOWN'],
	['no error', 'x', 'UNKNOWN'],
])('finds the code of %s', (_name, error, code) => expect(faultCode(error)).toBe(code));

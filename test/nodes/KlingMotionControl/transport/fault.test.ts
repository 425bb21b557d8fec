import { NodeApiError, type INode } from 'n8n-workflow';

import {
	CREDENTIAL_UNREADABLE,
	faultCode,
	faultInBody,
	networkFault,
	isStoreFault,
	storeFault,
} from '../../../../nodes/KlingMotionControl/transport/fault';
import { faultOf } from '../../../support/virtualServices';

const NODE: INode = { id: 'b', name: 'n', type: 't', typeVersion: 1, position: [0, 0], parameters: {} };

/** An error for each code, each the cause of the one before. */
function chain(...codes: unknown[]): Error {
	const [code, ...rest] = codes;
	const error = new Error('x', rest.length > 0 ? { cause: chain(...rest) } : {});
	return code === undefined ? error : Object.assign(error, { code });
}

const NONE = Array.from({ length: 7 }, () => undefined);

describe('faultCode', () => {
	it.each<[string, unknown, string]>([
		['the code of the error', chain('ECONNRESET'), 'ECONNRESET'],
		['the innermost code', chain('ERR_BAD_RESPONSE', undefined, 'ETIMEDOUT'), 'ETIMEDOUT'],
		['the outer code where the cause has none', chain('EPIPE', undefined), 'EPIPE'],
		['no code that is not of that shape', chain('EPIPE', 'econnreset'), 'EPIPE'],
		['no code that goes on with something else', chain('E1 <b>'), 'UNKNOWN'],
		['no code that begins with something else', chain(' ECONNRESET'), 'UNKNOWN'],
		['no status', chain(404), 'UNKNOWN'],
		['eight levels at most', chain(...NONE, 'E8', 'E9'), 'E8'],
		['nothing below', chain(...NONE, undefined, 'E9'), 'UNKNOWN'],
		['what n8n 1 leaves of it', Object.assign(new Error('x'), { httpCode: 'ECONNREFUSED' }), 'ECONNREFUSED'],
		['no status as text', Object.assign(new Error('x'), { httpCode: '502' }), 'UNKNOWN'],
		['an error of another realm', { code: 'ECONNRESET' }, 'ECONNRESET'],
		['nothing in a text', 'ECONNRESET', 'UNKNOWN'],
		['nothing in nothing', undefined, 'UNKNOWN'],
	])('finds %s', (_name, error, code) => expect(faultCode(error)).toBe(code));
});

describe('networkFault', () => {
	const attempts = (...syscalls: Array<string | undefined>) =>
		Object.assign(
			new AggregateError(
				syscalls.map((syscall) => faultOf('ECONNREFUSED', syscall)),
				'',
			),
			{
				code: 'ECONNREFUSED',
			},
		);
	const wrapped = (error: Error) => new NodeApiError(NODE, error as never);
	class SsrfBlockedIpError extends Error {
		override name = 'SsrfBlockedIpError';
	}
	const unreadable = Object.assign(new Error('x', { cause: faultOf('ECONNREFUSED', 'connect') }), {
		code: CREDENTIAL_UNREADABLE,
	});

	it.each<[string, unknown, object]>([
		['a code', faultOf('ECONNRESET'), { code: 'ECONNRESET' }],
		['a code and its system call', faultOf('ECONNRESET', 'read'), { code: 'ECONNRESET', syscall: 'read' }],
		[
			'those of the innermost cause',
			new Error('x', { cause: faultOf('EPIPE', 'write') }),
			{ code: 'EPIPE', syscall: 'write' },
		],
		[
			'no system call of an outer level',
			Object.assign(chain('EPIPE', undefined), { syscall: 'connect' }),
			{ code: 'EPIPE' },
		],
		['what n8n wraps', wrapped(faultOf('ECONNREFUSED', 'connect')), { code: 'ECONNREFUSED', syscall: 'connect' }],
		[
			'several connections that failed alike',
			attempts('connect', 'connect'),
			{ code: 'ECONNREFUSED', syscall: 'connect' },
		],
		[
			'several, wrapped',
			new Error('x', { cause: attempts('connect', 'connect') }),
			{ code: 'ECONNREFUSED', syscall: 'connect' },
		],
		['several that failed in other ways', attempts('connect', 'read'), { code: 'ECONNREFUSED' }],
		['several of which one does not say how', attempts('connect', undefined), { code: 'ECONNREFUSED' }],
		['several of which none says how', attempts(undefined, undefined), { code: 'ECONNREFUSED' }],
		['no connections', attempts(), { code: 'ECONNREFUSED' }],
		[
			'what n8n 1 leaves of it',
			{ httpCode: 'ECONNREFUSED', messages: ['connect ECONNREFUSED 127.0.0.1:9'] },
			{ code: 'ECONNREFUSED', syscall: 'connect' },
		],
		[
			'what n8n 1 leaves of a name',
			{ httpCode: 'ENOTFOUND', messages: ['getaddrinfo ENOTFOUND api.test'] },
			{ code: 'ENOTFOUND', syscall: 'getaddrinfo' },
		],
		[
			'what n8n 1 leaves of a name, with an underscore',
			{ httpCode: 'EAI_AGAIN', messages: ['getaddrinfo EAI_AGAIN api.test'] },
			{ code: 'EAI_AGAIN', syscall: 'getaddrinfo' },
		],
		['no other word of n8n 1', { httpCode: 'ECONNRESET', messages: ['read ECONNRESET'] }, { code: 'ECONNRESET' }],
		['no word that only begins alike', { httpCode: 'ECONNRESET', messages: ['connect again'] }, { code: 'ECONNRESET' }],
		['no words of another shape', { httpCode: 'ECONNRESET', messages: 'connect ECONNRESET' }, { code: 'ECONNRESET' }],
		["n8n's refusal", new SsrfBlockedIpError('x'), { code: 'SsrfBlockedIpError', blocked: true }],
		["n8n's refusal, wrapped", wrapped(new SsrfBlockedIpError('x')), { code: 'SsrfBlockedIpError', blocked: true }],
		[
			"n8n's refusal, whatever is below it",
			Object.assign(new SsrfBlockedIpError('x'), { cause: faultOf('ECONNRESET') }),
			{ code: 'SsrfBlockedIpError', blocked: true },
		],
		['a credential that cannot be read', wrapped(unreadable), { code: CREDENTIAL_UNREADABLE, blocked: true }],
		['nothing in a text', 'SsrfBlockedIpError', { code: 'UNKNOWN' }],
		['nothing in nothing', undefined, { code: 'UNKNOWN' }],
	])('finds %s', (_name, error, fault) => expect(networkFault(error)).toMatchObject(fault));

	it.each<[string, unknown]>([
		['a code alone', faultOf('ECONNRESET')],
		['a system call of an outer level', Object.assign(chain('EPIPE', undefined), { syscall: 'connect' })],
		['several in other ways', attempts('connect', 'read')],
		['no connections', attempts()],
		['other words of n8n 1', { httpCode: 'ECONNRESET', messages: ['read ECONNRESET'] }],
	])('takes %s for no proof', (_name, error) => {
		expect(networkFault(error)).not.toHaveProperty('syscall');
		expect(networkFault(error)).not.toHaveProperty('blocked');
	});
});

class FileTooLargeError extends Error {}
class QueryFailedError extends Error {}
class FileNotFoundError extends Error {}
class DatabaseError extends Error {}
class UnexpectedError extends Error {}

/** What n8n makes of an error of S3's client, which has its own name for it. */
const ofS3 = (name: string) =>
	new UnexpectedError('secret', { cause: Object.assign(new Error('secret'), { name, Code: name }) });
/** What n8n's database makes of an error of PostgreSQL. */
const ofPostgres = (code: string) => Object.assign(new QueryFailedError('secret'), { code, driverError: { code } });

it.each<[string, unknown, string]>([
	['by its code', faultOf('ENOSPC'), 'ENOSPC'],
	['by its class', new FileTooLargeError('secret'), 'FileTooLargeError'],
	['by the code of PostgreSQL', ofPostgres('53100'), '53100'],
	['by the code of SQLite', ofPostgres('SQLITE_FULL'), 'SQLITE_FULL'],
	['by the name of S3', ofS3('AccessDenied'), 'AccessDenied'],
	['by no name that is more than a word', ofS3('<b>secret</b>'), 'UnexpectedError'],
	['by no code of another shape', ofPostgres('531000'), 'QueryFailedError'],
	['by the class around an error', new UnexpectedError('secret', { cause: new Error('secret') }), 'UnexpectedError'],
	['an error, where it is no more', new Error('secret'), 'Error'],
	['an error, where it has not even a class', Object.create(null), 'Error'],
	['not at all', 'secret', 'UNKNOWN'],
])('calls a fault of the store %s', (_name, error, name) => expect(storeFault(error)).toBe(name));

it.each<[string, unknown, boolean]>([
	['a disk that fails', faultOf('EIO'), true],
	['a folder that may not be read', faultOf('EACCES'), true],
	['a store that cannot be reached', chain('ECONNREFUSED', 'connect'), true],
	['a database that fails', new QueryFailedError('secret'), true],
	['PostgreSQL that is shut down', ofPostgres('57P01'), true],
	['PostgreSQL that has no connection left', Object.assign(new DatabaseError('secret'), { code: '53300' }), true],
	['a connection that did not come in time', new Error('timeout exceeded when trying to connect'), true],
	['SQLite that fails', ofPostgres('SQLITE_IOERR'), true],
	['a file too long for the driver', Object.assign(new Error('secret'), { code: 'ERR_STRING_TOO_LONG' }), true],
	['S3 that refuses', ofS3('AccessDenied'), true],
	['a file that is gone', faultOf('ENOENT'), false],
	['an ID that n8n does not know', new FileNotFoundError('secret'), false],
	['an ID that is none of PostgreSQL', ofPostgres('22P02'), false],
	['a file that S3 does not have', ofS3('NoSuchKey'), false],
	['a path out of the folder', new UnexpectedError('secret'), false],
	['data that is none', new TypeError('secret'), false],
	['an ID of another type', Object.assign(new TypeError('secret'), { code: 'ERR_INVALID_ARG_TYPE' }), false],
	['whatever else', 'secret', false],
])('tells %s from a file that is not there', (_name, error, is) => expect(isStoreFault(error)).toBe(is));

it.each([
	['ETIMEDOUT', 'ETIMEDOUT'],
	['ECONNREFUSED', 'ECONNRESET'],
	['ECONNRESET', 'ECONNRESET'],
])('takes %s in the middle of a body for %s', (code, meant) => {
	// nothing in the middle of a body proves that the request did not arrive
	expect(faultInBody(faultOf(code, 'connect'))).toEqual({ code: meant });
});

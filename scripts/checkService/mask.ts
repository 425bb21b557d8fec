import { TIME_KEYS } from '../../nodes/KlingMotionControl/segmind/times';
import { isRecord, parsed } from '../../nodes/KlingMotionControl/segmind/json';
import { MODELS } from '../../nodes/KlingMotionControl/segmind/models';
import { plainText } from '../../nodes/KlingMotionControl/segmind/reason';
import { redactor } from '../../nodes/KlingMotionControl/segmind/redact';
import { isMediaUrl } from '../../nodes/KlingMotionControl/segmind/routes';
import type { Bases } from './service';

const ID = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|\b[\da-f]{24,}\b/gi;
const ID_KEY = /(^|_)id$|[a-z]Id$|^id/;
/** Fields with somebody's name. */
const NAME_KEY =
	/^((first|last|full|user|team|display|company)?_?name|e?_?mail|user|owner|team|company|organi[sz]ation|account)$/i;
/** Fields whose numbers say nothing of the account. */
const NUMBERS = [
	...[
		'cost',
		'credits_deduction',
		'inference_time',
		'queue_time',
		'total_time',
		'retry_count',
		'latency_ms',
		'file_size',
	],
	...['status_code', 'total', 'total_count', 'count', 'page', 'per_page', 'limit'],
	...TIME_KEYS,
];
/** Fields whose numbers are balances: only by how much they change is kept. */
const BALANCES = ['credits', 'remaining_credits'];
/** What stands for the first balance. */
const BALANCE = 100;
/** Fields with the service's own words, for people. */
const WORDS = ['error', 'error_description', 'message', 'detail', 'msg', 'errors'];
const TIME = /^\d{4}-\d\d-\d\d([T ][\d:.]+(Z|[+-]\d\d:?\d\d)?)?$/;
const TEXT = 'text';

/**
 * Takes out of answers what is somebody's: the key, ids, names, balances, prompts and URLs. What the code reads stays of the
 * same form, and what was equal stays equal.
 */
export class Mask {
	private readonly ids = new Map<string, string>();
	private readonly files = new Map<string, string>();
	private readonly names = new Set<string>();
	private balance?: number;

	/**
	 * @param own texts that the check itself sent, and that stay
	 * @param unknownId the id that no request has: it stands as `{id}`, since the next check asks for another one
	 */
	constructor(
		private readonly key: string,
		private readonly bases: Bases,
		private readonly own: readonly string[],
		private readonly unknownId: string,
	) {}

	/** Learns the names in an answer, so that no other text keeps them. */
	learn(text: string): void {
		const look = (value: unknown, key: string): void => {
			if (typeof value === 'string' && NAME_KEY.test(key) && value.trim().length > 2) this.names.add(value.trim());
			if (typeof value === 'object' && value !== null)
				Object.entries(value).forEach(([name, entry]) => look(entry, name));
		};
		look(parsed(text), '');
	}

	/** A text of an answer: JSON as masked JSON, a page or a text as a sentence without names. */
	text(text: string): string {
		const body = parsed(text);
		if (isRecord(body) || Array.isArray(body)) return JSON.stringify(this.value(body, ''));
		if (/^\s*</.test(text)) return '<!DOCTYPE html><html><body></body></html>';
		return text === '' ? '' : this.words(text);
	}

	/** A path or a URL. */
	url(url: string): string {
		if (this.own.includes(url)) return url;
		for (const [name, base] of Object.entries(this.bases)) {
			if (url.startsWith(`${base}/`)) return `{${name}}${this.path(url.slice(base.length))}`;
		}
		const known = this.files.get(url) ?? `{media}/file-${this.files.size + 1}`;
		this.files.set(url, known);
		return known;
	}

	/** A path of Segmind's own, where only ids are somebody's. */
	path(path: string): string {
		const [way = ''] = path.split('?');
		return way.replace(
			/(\/requests\/|\/request-history\/)([^/]+)/,
			(_, before: string, id: string) => before + this.id(id),
		);
	}

	private value(value: unknown, key: string): unknown {
		if (Array.isArray(value)) return value.map((entry) => this.value(entry, key));
		if (isRecord(value)) return this.record(value);
		if (typeof value === 'number') return this.number(value, key);
		return typeof value === 'string' ? this.string(value, key) : value;
	}

	private record(value: Record<string, unknown>): Record<string, unknown> {
		return Object.fromEntries(
			Object.entries(value).map(([key, entry], index) => [
				/^[a-z][a-z_]{0,30}$/i.test(key) ? key : `field-${index}`,
				this.value(entry, key),
			]),
		);
	}

	private number(value: number, key: string): unknown {
		if (BALANCES.includes(key)) {
			this.balance ??= value;
			return Math.round((BALANCE + value - this.balance) * 1e6) / 1e6;
		}
		if (ID_KEY.test(key)) return Number(this.id(String(value)));
		return NUMBERS.includes(key) ? value : Math.sign(value);
	}

	private string(value: string, key: string): string {
		if (value === '' || this.own.includes(value)) return value;
		if (ID_KEY.test(key)) return this.id(value);
		if (key === 'model_name' || key === 'model') return this.slug(value);
		if (TIME.test(value) || (TIME_KEYS.includes(key) && /^\d+(\.\d+)?$/.test(value))) return value;
		if (/^(model_)?status$/.test(key) && /^[a-z_]{2,20}$/i.test(value)) return value;
		if (/^content_type$/.test(key) && /^[\w.+-]+\/[\w.+-]+$/.test(value)) return value;
		if (key === 'file_name') return value.replace(/^.*(\.\w{1,5})$/, 'file$1');
		if (isMediaUrl(value)) return this.url(value);
		const inner = parsed(value);
		if (isRecord(inner)) return JSON.stringify(this.value(inner, ''));
		return WORDS.includes(key) ? this.words(value) : TEXT;
	}

	private slug(name: string): string {
		return Object.hasOwn(MODELS, name.split('/').at(-1) ?? '') ? name : 'another-model';
	}

	/** A sentence of the service. What looks like an address, a URL, an id or the key goes. */
	private words(text: string): string {
		const known = [...this.ids.keys()].filter((id) => id.length > 4);
		const withoutIds = redactor(this.key)(plainText(text))
			.replace(/\S+@\S+/g, TEXT)
			.replace(/[a-z]+:\/\/\S+/gi, (url) => (this.own.includes(url) ? url : TEXT))
			.replace(ID, (id) => this.id(id));
		const withoutNames = [...this.names].reduce((words, name) => words.replaceAll(name, TEXT), withoutIds);
		return known.reduce((words, id) => words.replaceAll(id, this.id(id)), withoutNames);
	}

	/** Another id of the same form; the same one for the same id, with dashes and without. */
	private id(id: string): string {
		if (id === this.unknownId) return '{id}';
		const plain = id.replaceAll('-', '').toLowerCase();
		const number = [...this.ids.keys()].indexOf(plain) + 1 || this.ids.size + 1;
		const digits = String(number).padStart(12, '0');
		this.ids.set(plain, digits);
		if (/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(id)) return `00000000-0000-4000-8000-${digits}`;
		if (/^[\da-f]{32}$/i.test(id)) return `00000000000040008000${digits}`;
		return /^\d+$/.test(id) ? String(900_000 + number) : `id-${number}`;
	}
}

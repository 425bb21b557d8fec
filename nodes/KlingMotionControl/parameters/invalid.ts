import { NOT_CHARGED, NOTHING_SENT } from '../segmind/endings';
import { SegmindError } from '../segmind/segmindError';
import type { Reading } from './reading';

/**
 * The error for what an item asks for, which is refused before anything is sent.
 * @param message one line, without a period
 */
export function inputError(message: string, todo: string): SegmindError {
	return new SegmindError('input', message, {
		description: `${todo} ${NOTHING_SENT} ${NOT_CHARGED}`,
		accepted: 'no',
	});
}

/**
 * The error for a parameter that is not valid.
 * @param label what the editor calls the parameter
 * @param problem completes the label to a sentence, without a period: "Prompt" + "is empty"
 * @param todo what to do, where it is more than to correct the parameter
 */
export function invalid(label: string, problem: string, todo = `Correct “${label}”.`): SegmindError {
	return inputError(`${label} ${problem}`, todo);
}

/** The value that was read. @throws SegmindError of kind `input` where there is none */
export function valueOf<T>(label: string, reading: Reading<T>): T {
	if ('problem' in reading) throw invalid(label, reading.problem, reading.todo);
	return reading.value;
}

/**
 * A value that is there, whatever it is: an expression that finds nothing gives undefined or null.
 * @throws SegmindError of kind `input` that names the parameter
 */
export function present(label: string, value: unknown): unknown {
	if (value !== undefined && value !== null) return value;
	throw emptyExpression(label, String(value));
}

/** The error for a parameter whose expression found nothing, and gave this instead. */
export function emptyExpression(label: string, gave: string): SegmindError {
	return invalid(
		label,
		`is empty: its expression gave ${gave}`,
		'Check the field names in the expression, including upper and lower case.',
	);
}

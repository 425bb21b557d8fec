import { isHttpUrl, isRequestId } from './addresses';
import { SegmindError } from './errors';
import { MODELS, ORIENTATIONS, type CharacterOrientation, type Model, type MotionRequest } from './types';

/** Parameters as they come from the editor or an expression: nothing is known about their types. */
export interface MotionInput {
	prompt: unknown;
	characterOrientation: unknown;
	imageUrl: unknown;
	keepOriginalSound: unknown;
	videoUrl: unknown;
}

/**
 * The request body for these parameters.
 * @throws SegmindError of kind `input` that names the parameter at fault
 */
export function motionRequest(input: MotionInput): MotionRequest {
	const request: MotionRequest = {
		prompt: prompt(input.prompt),
		character_orientation: orientation(input.characterOrientation),
		keep_original_sound: flag('Keep Original Sound', input.keepOriginalSound),
	};
	const imageUrl = optionalUrl('Image URL', input.imageUrl);
	if (imageUrl) request.image_url = imageUrl;
	const videoUrl = optionalUrl('Video URL', input.videoUrl);
	if (videoUrl) request.video_url = videoUrl;
	return request;
}

/** @throws SegmindError of kind `input` where the value is no model of this package */
export function model(value: unknown): Model {
	const slugs = Object.keys(MODELS) as Model[];
	const known = slugs.find((slug) => slug === value);
	if (!known) throw invalid('Model', `must be one of ${slugs.join(', ')}`);
	return known;
}

/**
 * A request id that is safe inside a path.
 * @throws SegmindError of kind `input` where the value cannot be one
 */
export function requestId(value: unknown): string {
	const id = typeof value === 'string' ? value.trim() : value;
	if (!isRequestId(id)) {
		throw invalid('Request ID', 'must be the request_id of an earlier call: letters, digits, - and _ only');
	}
	return id;
}

/** @throws SegmindError of kind `input`: "NAME is not valid: it RULE" */
export function invalid(name: string, rule: string): SegmindError {
	return new SegmindError('input', `${name} is not valid: it ${rule}`, {
		description: `Nothing was sent to Segmind and nothing was charged. Correct "${name}" and run the node again.`,
	});
}

function prompt(value: unknown): string {
	if (typeof value !== 'string' || !value.trim()) throw invalid('Prompt', 'must not be empty');
	return value;
}

function orientation(value: unknown): CharacterOrientation {
	const known = ORIENTATIONS.find((name) => name === value);
	if (!known) throw invalid('Character Orientation', `must be one of ${ORIENTATIONS.join(', ')}`);
	return known;
}

/** An AI agent or an expression may write a boolean as a word. */
function flag(name: string, value: unknown): boolean {
	if (value === true || value === 'true') return true;
	if (value === false || value === 'false') return false;
	throw invalid(name, 'must be true or false');
}

function optionalUrl(name: string, value: unknown): string | undefined {
	if (value === undefined || value === null) return undefined;
	const text = typeof value === 'string' ? value.trim() : value;
	if (text === '') return undefined;
	if (typeof text !== 'string' || !isHttpUrl(text)) {
		throw invalid(name, 'must be a public address that begins with http:// or https://');
	}
	return text;
}

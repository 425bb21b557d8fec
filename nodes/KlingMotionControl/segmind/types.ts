/**
 * The models of one request shape, by their slug in Segmind's addresses, with what the editor says of them: times in
 * minutes, prices in US dollars (segmind-api.md, "The model"). The first one is the node's default.
 */
export const MODELS = {
	'kling-2.6-standard-motion-control': {
		name: 'Kling 2.6 Standard Motion Control',
		about: 'About 10 minutes and 0.97 USD a video',
	},
	'kling-2.6-pro-motion-control': {
		name: 'Kling 2.6 Pro Motion Control',
		about: 'Higher quality: about 10 minutes and 1.72 USD a video',
	},
} as const;
/** The slug of one of the models. */
export type Model = keyof typeof MODELS;

/** `video` for dynamic movement, `image` for static views (segmind-api.md, "The model"). */
export const ORIENTATIONS = ['video', 'image'] as const;
/** Which reference the character is turned like. */
export type CharacterOrientation = (typeof ORIENTATIONS)[number];

/** The request body, exactly as Segmind documents it. An optional field that is not wanted is absent. */
export interface MotionRequest {
	prompt: string;
	character_orientation: CharacterOrientation;
	image_url?: string;
	keep_original_sound: boolean;
	video_url?: string;
}

/** What a call cost and how long it took: credits and seconds. A failed job has no billing fields. */
export interface Metrics {
	cost?: number;
	remaining_credits?: number;
	inference_time?: number;
	queue_time?: number;
	total_time?: number;
}

/** The documented status words of a job (segmind-api.md, "v2"). */
export const JOB_STATUSES = ['QUEUED', 'PROCESSING', 'COMPLETED', 'FAILED'] as const;
/** A documented status word. */
export type JobStatus = (typeof JOB_STATUSES)[number];

/** What a poll of a job tells. */
export interface JobState {
	status: JobStatus;
	metrics: Metrics;
	/** The service's reason, on FAILED only. */
	error?: string;
}

/** Where a finished video lies, as the service names it: nothing here is checked yet. */
export interface VideoAddress {
	url: string;
	contentType?: string;
	fileName?: string;
}

/** A job that ended as COMPLETED. */
export interface FinishedJob {
	/** Absent where v1 answered with the video's bytes. */
	video?: VideoAddress;
	metrics: Metrics;
}

/** An HTTP answer whose body was read as text. Header names are in lower case. */
export interface Answer {
	status: number;
	headers: Readonly<Record<string, string>>;
	text: string;
}

/** Whether the character faces as in the video, for dynamic movement, or as in the image, for static views (docs/segmind-api.md, "The model"). */
export type CharacterOrientation = 'video' | 'image';

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

/** The documented status words of a job (docs/segmind-api.md, "v2"). */
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

/** A finished video as the service names it: nothing here is checked yet. */
export interface VideoFile {
	url: string;
	contentType?: string;
	fileName?: string;
	/** bytes */
	fileSize?: number;
}

/** A job that ended as COMPLETED. */
export interface FinishedJob {
	/** Absent where v1 answered with the video's bytes. */
	video?: VideoFile;
	metrics: Metrics;
}

/** Header names are in lower case. */
export type Headers = Readonly<Record<string, string>>;

/** An HTTP answer whose body was read as text. */
export interface Answer {
	status: number;
	headers: Headers;
	text: string;
	/** Set where the body broke off: the text is its beginning. */
	partial?: boolean;
}

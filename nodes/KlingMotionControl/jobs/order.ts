import type { Model } from '../segmind/models';
import type { MotionRequest } from '../segmind/types';
import type { FileContent } from '../transport/file';

/** The two references of the model: an image of the character and a video of the motion. */
export type ReferenceName = 'image' | 'video';

/** What an item asks for, read and checked: plain data that nothing changes any more. */
export interface Order {
	readonly model: Model;
	/** The request body, without the URLs of the files. */
	readonly body: Readonly<MotionRequest>;
	/** The references that are files of the item, to be uploaded. */
	readonly files: Readonly<Partial<Record<ReferenceName, FileContent>>>;
}

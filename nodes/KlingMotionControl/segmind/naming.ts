/** What is known of a video before its bytes come, best first. */
export interface VideoNaming {
	/** The option of the node; empty: the file's own name. */
	wanted: string;
	/** The file's own name, as the service gives it. */
	fileName?: string;
	url?: string;
	contentType?: string;
	requestId?: string;
}

/** The video types that a model may answer with, by the extension of a file. */
const MIME_TYPES: Readonly<Record<string, string>> = {
	mp4: 'video/mp4',
	m4v: 'video/mp4',
	mov: 'video/quicktime',
	webm: 'video/webm',
	mkv: 'video/x-matroska',
	avi: 'video/x-msvideo',
};
const MAX_NAME = 200;

/** The video's MIME type: what its host says, else the result, else the name's extension, else MP4. */
export function videoMimeType(contentType: string | undefined, naming: VideoNaming): string {
	const declared = [contentType, naming.contentType].map((type) => type?.split(';')[0].trim().toLowerCase() ?? '');
	const extension = extensionOf(ownName(naming));
	return declared.find((type) => /^video\/[\w.+-]+$/.test(type)) ?? MIME_TYPES[extension] ?? 'video/mp4';
}

/** A file name without folders that ends in a video's extension. */
export function videoFileName(naming: VideoNaming, mimeType: string): string {
	const name = plainName(naming.wanted) || plainName(ownName(naming)) || `kling-motion-${naming.requestId ?? 'video'}`;
	if (extensionOf(name) in MIME_TYPES) return name;
	const extension = Object.keys(MIME_TYPES).find((key) => MIME_TYPES[key] === mimeType) ?? 'mp4';
	return `${name}.${extension}`;
}

function ownName({ fileName, url }: VideoNaming): string {
	if (fileName) return fileName;
	const path = url && URL.canParse(url) ? new URL(url).pathname : '';
	const last = path.slice(path.lastIndexOf('/') + 1);
	try {
		return decodeURIComponent(last);
	} catch {
		return last;
	}
}

/** The last part of a path, without the characters that file systems refuse. */
function plainName(name: string): string {
	return name
		.replace(/^.*[\\/]/s, '')
		.replace(/[<>:"|?*\p{Cc}\p{Cf}]/gu, '_')
		.replace(/^\.+/, '')
		.trim()
		.slice(-MAX_NAME);
}

function extensionOf(name: string): string {
	return /\.(\w+)$/.exec(name)?.[1].toLowerCase() ?? '';
}

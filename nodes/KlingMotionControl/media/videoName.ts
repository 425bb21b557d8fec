import { kindByName, MEDIA, type MediaKind } from './kind';

/** What is known of a video's name and type before its bytes come, best first. */
export interface VideoNaming {
	/** What the person wants; empty: the file's own name. */
	wanted: string;
	/** The file's own name, as the service gives it. */
	fileName?: string;
	url?: string;
	contentType?: string;
	requestId?: string;
}

/** In characters. */
const LONGEST_NAME = 200;

/**
 * The video's MIME type: what its bytes say, else its host, else the result, else the name's extension, else MP4.
 * @param kind what the first bytes are
 * @param contentType what its host calls it
 */
export function videoMimeType(
	kind: MediaKind | undefined,
	contentType: string | undefined,
	naming: VideoNaming,
): string {
	if (kind && MEDIA[kind].type === 'video') return MEDIA[kind].mimeType;
	const declared = [contentType, naming.contentType].map((type) => type?.split(';')[0].trim().toLowerCase() ?? '');
	const byName = kindByName(ownName(naming));
	return (
		declared.find((type) => /^video\/[\w.+-]+$/.test(type)) ??
		(byName && MEDIA[byName].type === 'video' ? MEDIA[byName].mimeType : MEDIA.mp4.mimeType)
	);
}

/** A file name without folders, with the extension of its type. */
export function videoFileName(naming: VideoNaming, mimeType: string): string {
	const name =
		(isExtension(naming.wanted) ? '' : plainName(naming.wanted.replace(/[\\/]+/g, '_'))) ||
		plainName(ownName(naming)) ||
		`kling-motion-${naming.requestId ?? 'video'}`;
	const kind = kindByName(name);
	if (kind && MEDIA[kind].mimeType === mimeType) return name;
	const extension = Object.values(MEDIA).find((medium) => medium.mimeType === mimeType)?.extension ?? 'mp4';
	return `${kind ? name.replace(/\.\w+$/, '') || 'video' : name}.${extension}`;
}

function isExtension(name: string): boolean {
	return /^\.\w+$/.test(name) && kindByName(name) !== undefined;
}

function ownName({ fileName, url }: VideoNaming): string {
	if (fileName) return fileName;
	const [, path = ''] = /^[a-z]+:\/\/[^/?#]*([^?#]*)/i.exec(url ?? '') ?? [];
	const last = path.slice(path.lastIndexOf('/') + 1);
	try {
		return decodeURIComponent(last);
	} catch {
		return last;
	}
}

/** The last part of a path, without the characters that file systems refuse, and those that nobody sees. */
function plainName(name: string): string {
	const plain = name
		.replace(/^.*[\\/]/s, '')
		.replace(/[<>:"|?*\p{Cc}]/gu, '_')
		// format characters, but for the joiners that emoji and Persian words are spelled with
		.replace(/[^\P{Cf}\u200C\u200D]/gu, '')
		.replace(/^[.\s]+|[.\s]+$/g, '');
	return [...plain].slice(-LONGEST_NAME).join('');
}

import type { Reading } from './reading';

const MEDIA_FILE = /\.(?:jpe?g|png|webp|gif|bmp|avif|heic|mp4|m4v|mov|mkv|webm|avi)$/i;

/**
 * Pages of services that people take for the file they show: `[name with its article, host, path with query]`. Only what is
 * certain to be a page; the services' own hosts for files are not among them.
 */
const PAGES: ReadonlyArray<readonly [name: string, host: RegExp, path: RegExp]> = [
	['a YouTube', /^(?:(?:www|m|music)\.)?youtube(?:-nocookie)?\.com$|^youtu\.be$/, /^/],
	['a Google Photos', /^photos\.(?:google\.com|app\.goo\.gl)$/, /^/],
	['a Google Drive', /^drive\.google\.com$/, /^\/(?:a\/[^/]+\/)?(?:drive|open|file|folderview|corp)\b/],
	[
		'a Google Docs',
		/^docs\.google\.com$/,
		/^\/(?:a\/[^/]+\/)?(?:document|spreadsheets|presentation|forms|drawings|videos?)\/(?!.*\/(?:export|pub)\b)/,
	],
	['a Google search', /^(?:(?:www|images)\.)?google\.[a-z.]{2,6}$/, /^\/(?:search|imgres|url)\b/],
	['a TikTok', /^(?:(?:www|m)\.)?tiktok\.com$/, /^\/(?:@|(?:t|v|embed|player)\/)/],
	['a TikTok', /^v[mt]\.tiktok\.com$/, /^/],
	[
		'an Instagram',
		/^(?:www\.)?(?:instagram\.com|instagr\.am)$/,
		/^\/(?:(?:[^/]+\/)?(?:p|reel|reels|tv|stories|share)\/(?!.*\/media\/?(?:\?|$))|[\w.]+\/?(?:\?|$))/,
	],
	[
		'a Facebook',
		/^(?:(?:www|m|web|mbasic)\.)?facebook\.com$/,
		/^\/(?:watch|reel|share|photo|video|story|stories|permalink|groups|events|[^/]+\/(?:videos|posts|photos))\b/,
	],
	['a Facebook', /^fb\.watch$/, /^/],
	['a Threads', /^(?:www\.)?threads\.(?:net|com)$/, /^\/@/],
	['an X', /^(?:(?:www|m|mobile)\.)?(?:x|twitter)\.com$/, /^\/(?:[^/]+\/status(?:es)?|i\/(?:status|web|broadcasts))\//],
	['a LinkedIn', /^(?:www\.)?linkedin\.com$/, /^\/(?:posts|feed|in|pulse)\//],
	['a Reddit', /^(?:(?:www|old|new|m)\.)?reddit\.com$/, /^\/(?:r|u|user|gallery|comments)\//],
	['a Telegram', /^t\.me$/, /^/],
	[
		'a Vimeo',
		/^(?:www\.)?vimeo\.com$/,
		/^\/(?:\d+(?:\/\w+)?\/?(?:\?|$)|(?:channels|groups|album|showcase|ondemand|manage|event)\/)/,
	],
	['a Vimeo', /^player\.vimeo\.com$/, /^\/video\//],
	['a Dailymotion', /^(?:www\.)?dailymotion\.com$|^dai\.ly$/, /^/],
	['a Bilibili', /^(?:(?:www|m)\.)?bilibili\.com$|^b23\.tv$/, /^/],
	['a Twitch', /^(?:(?:www|m|clips)\.)?twitch\.tv$/, /^/],
	['a Loom', /^(?:www\.)?loom\.com$/, /^\/(?:share|embed)\//],
	['a Streamable', /^(?:www\.)?streamable\.com$/, /^/],
	['a OneDrive', /^1drv\.ms$|^onedrive\.live\.com$/, /^(?!\/download\b)(?!.*[?&]download=1)/],
	[
		'a SharePoint',
		/\.sharepoint\.com$/,
		/^(?!.*[?&]download=1)(?:\/:[a-z]:\/|.*\/_layouts\/15\/(?:onedrive|stream|guestaccess|embed)\.aspx)/i,
	],
	['an iCloud', /^(?:(?:www|share)\.)?icloud\.com$/, /^/],
	['a WeTransfer', /^(?:www\.)?wetransfer\.com$|^we\.tl$/, /^/],
	['a Box', /(?:^|\.)box\.com$/, /^\/(?:s|v|file|folder)\//],
	['a MEGA', /^mega\.(?:nz|io)$/, /^/],
	['a MediaFire', /^(?:www\.)?mediafire\.com$/, /^\/(?:file|view|folder)\//],
	['an Imgur', /^(?:(?:www|m)\.)?imgur\.com$/, /^/],
	['an Imgur', /^i\.imgur\.com$/, /^\/(?:(?:a|gallery)\/|\w+\.gifv$)/],
	['a Pinterest', /(?:^|\.)pinterest\.(?:[a-z]{2,3}|com?\.[a-z]{2})$|^pin\.it$/, /^/],
	['a Giphy', /^(?:www\.)?giphy\.com$/, /^\/(?:gifs|clips|stickers|embed)\//],
	['a Tenor', /^(?:www\.)?tenor\.com$/, /\/view\//],
	['a Canva', /^(?:www\.)?canva\.(?:com|link)$/, /^/],
	['a Flickr', /^(?:www\.)?flickr\.com$|^flic\.kr$/, /^\/(?:photos|gp|p)\//],
	['an Unsplash', /^(?:www\.)?unsplash\.com$/, /^\/photos\/(?!.*\/download)/],
	['a Pexels', /^(?:www\.)?pexels\.com$/, /^\/(?:[a-z-]{2,5}\/)?(?:photo|video)\//],
	[
		'a Pixabay',
		/^(?:www\.)?pixabay\.com$/,
		/^\/(?:[a-z]{2}\/)?(?:photos|videos|illustrations|vectors|gifs)\/(?!download)/,
	],
];

/** Pages about one file whose own URL follows from theirs: `[name, host, path, path or URL of the file]`. */
const FILE_PAGES: ReadonlyArray<readonly [name: string, host: RegExp, path: RegExp, file: string]> = [
	['GitHub', /^(?:www\.)?github\.com$/, /^\/([^/]+\/[^/]+)\/blob\/(.+)$/, 'https://raw.githubusercontent.com/$1/$2'],
	['GitLab', /^gitlab\.com$/, /^(\/.+?)\/-\/blob\/(.+)$/, '$1/-/raw/$2'],
	['Hugging Face', /^huggingface\.co$/, /^(\/(?:(?:datasets|spaces)\/)?[^/]+\/[^/]+)\/blob\/(.+)$/, '$1/resolve/$2'],
	['Wikimedia', /\.wiki[mp]edia\.org$/, /^\/wiki\/(?:File|Image)(?::|%3A)(.+)$/i, '/wiki/Special:FilePath/$1'],
];

/**
 * Where a URL is a page that shows a file: the URL of the file itself where it is certain, otherwise what to do. Undefined for
 * every other URL.
 * @param what the kind of file that is expected, for messages
 */
export function readSharePage(url: URL, what: 'image' | 'video'): Reading<string> | undefined {
	return readDrive(url) ?? readDropbox(url, what) ?? readFilePage(url) ?? refusePage(url, what);
}

function refusePage(url: URL, what: string): Reading<string> | undefined {
	if (MEDIA_FILE.test(url.pathname)) return undefined;
	const path = url.pathname + url.search;
	const page = PAGES.find(([, host, pattern]) => host.test(url.hostname) && pattern.test(path));
	return page && isPage(page[0], what);
}

function isPage(name: string, what: string): Reading<string> {
	return {
		problem: `is ${name} page, not ${what === 'image' ? 'an image' : 'a video'} file`,
		todo: 'Download the file first and choose File From Previous Node, or use a direct link.',
	};
}

/** A file of Google Drive. Older ones need their resource key too (Google's security update of September 2021). */
function readDrive(url: URL): Reading<string> | undefined {
	if (!/^(?:drive|docs)\.google\.com$/.test(url.hostname)) return undefined;
	const isLink = /^\/(?:a\/[^/]+\/)?(?:u\/\d+\/)?(?:open|uc)$/.test(url.pathname);
	if (isLink && /[?&]export=download(?=&|$)/.test(url.search)) return undefined;
	const id = isLink
		? /[?&]id=([\w-]{10,})(?=&|$)/.exec(url.search)?.[1]
		: /^\/(?:a\/[^/]+\/)?file\/(?:u\/\d+\/)?d\/([\w-]{10,})(?:\/|$)/.exec(url.pathname)?.[1];
	if (!id) return undefined;
	const key = /[?&](resourcekey=[\w-]+)/.exec(url.search)?.[1];
	return {
		value: `https://drive.google.com/uc?export=download&id=${id}${key ? `&${key}` : ''}`,
		hint: 'The Google Drive link was changed to its download link. Share the file with anyone who has the link. For large files, Google returns a warning page instead.',
	};
}

/** A file of Dropbox: `dl=1` asks for the file, `dl=0` for the page around it, `raw=1` for the file as a browser shows it. */
function readDropbox(url: URL, what: string): Reading<string> | undefined {
	if (!/^(?:www\.)?dropbox\.com$/.test(url.hostname)) return undefined;
	const path = url.pathname.replace(/^\/e\//, '/');
	const isFile = /^\/(?:s|scl\/fi)\//.test(path) || (/^\/(?:sh|scl\/fo)\//.test(path) && MEDIA_FILE.test(path));
	const isOther = /^\/(?:sh|scl\/fo|home|preview|work|t)(?:\/|$)/.test(path);
	if (!isFile) return isOther ? isPage('a Dropbox', what) : undefined;
	if (/[?&](?:dl|raw)=1(?=&|$)/.test(url.search)) return undefined;
	const query = /[?&]dl=/.test(url.search)
		? url.search.replace(/([?&]dl=)[^&]*/, (_, dl: string) => `${dl}1`)
		: `${url.search ? `${url.search}&` : '?'}dl=1`;
	return {
		value: url.origin + url.pathname + query,
		hint: 'The Dropbox link was changed to its download link.',
	};
}

function readFilePage(url: URL): Reading<string> | undefined {
	const page = FILE_PAGES.find(([, host, path]) => host.test(url.hostname) && path.test(url.pathname));
	if (!page || /[?&]raw=(?:true|1)(?=&|$)/.test(url.search)) return undefined;
	const [name, , path, file] = page;
	const found = url.pathname.replace(path, file);
	return {
		value: found.startsWith('/') ? url.origin + found : found,
		hint: `The ${name} link was changed to the URL of the file itself, which must be public.`,
	};
}

import { readSharePage } from '../../../../nodes/KlingMotionControl/parameters/sharePages';

const DRIVE =
	'The Google Drive link was changed to its download link. Share the file with anyone who has the link. For large files, Google returns a warning page instead.';
const DROPBOX = 'The Dropbox link was changed to its download link.';
const ID = '0ByeS4oOUV-49Zzh4R1J6R09zazQ';
const SHARE = 'rlkey=wcdgqangn7t3lnmmv6li9mu9h';
const FI = 'https://www.dropbox.com/scl/fi/r2kd2skcy5ylbbta5y1pz/DJI_0003.MP4';
const DOWNLOAD = `https://drive.google.com/uc?export=download&id=${ID}`;

function read(url: string) {
	return readSharePage(new URL(url), 'video');
}

describe('Google Drive', () => {
	it.each([
		`https://drive.google.com/file/d/${ID}/view`,
		`https://drive.google.com/file/d/${ID}/view?usp=sharing`,
		`https://drive.google.com/file/d/${ID}/view?usp=drive_link`,
		`https://drive.google.com/file/d/${ID}/preview`,
		`https://drive.google.com/file/d/${ID}/edit?pli=1`,
		`https://drive.google.com/file/d/${ID}`,
		`https://drive.google.com/file/d/${ID}/view#t=5`,
		`https://drive.google.com/file/u/0/d/${ID}/view`,
		`https://drive.google.com/a/example.com/file/d/${ID}/view`,
		`https://docs.google.com/file/d/${ID}/edit`,
		`https://drive.google.com/open?id=${ID}`,
		`https://drive.google.com/open?usp=drive_copy&id=${ID}`,
		`https://drive.google.com/u/1/open?id=${ID}`,
		`https://drive.google.com/uc?id=${ID}`,
		`https://drive.google.com/uc?export=view&id=${ID}`,
		`https://docs.google.com/uc?id=${ID}`,
		`http://drive.google.com/file/d/${ID}/view`,
	])('%s is its download link', (url) => expect(read(url)).toEqual({ value: DOWNLOAD, hint: DRIVE }));

	it('keeps the resource key of an older file', () =>
		expect(
			read(`https://drive.google.com/file/d/${ID}/view?usp=drivesdk&resourcekey=0-Ye4stZjEfDmS7QUAsG6xew`),
		).toEqual({
			value: `${DOWNLOAD}&resourcekey=0-Ye4stZjEfDmS7QUAsG6xew`,
			hint: DRIVE,
		}));

	it.each([
		DOWNLOAD,
		`${DOWNLOAD}&resourcekey=0-Ye4stZjEfDmS7QUAsG6xew`,
		`https://drive.google.com/uc?id=${ID}&export=download&confirm=t`,
		`https://docs.google.com/uc?export=download&id=${ID}`,
		`https://drive.usercontent.google.com/download?id=${ID}&export=download&confirm=t`,
		`https://drive.google.com/thumbnail?id=${ID}&sz=w1000`,
		`https://lh3.googleusercontent.com/d/${ID}`,
		`https://lh3.googleusercontent.com/pw/AP1GczN=w1080-h1920`,
		`https://www.googleapis.com/drive/v3/files/${ID}?alt=media&key=k`,
		`https://docs.google.com/presentation/d/${ID}/export/png?id=${ID}&pageid=p`,
		`https://docs.google.com/drawings/d/${ID}/pub?w=960&h=720`,
	])('%s is a file', (url) => expect(read(url)).toBeUndefined());
});

describe('Dropbox', () => {
	it.each([
		[`${FI}?${SHARE}&dl=0`, `${FI}?${SHARE}&dl=1`],
		[`${FI}?${SHARE}&e=1&st=ab12cd34&dl=0`, `${FI}?${SHARE}&e=1&st=ab12cd34&dl=1`],
		[`${FI}?dl=0&${SHARE}`, `${FI}?dl=1&${SHARE}`],
		[`${FI}?${SHARE}`, `${FI}?${SHARE}&dl=1`],
		[`${FI}?${SHARE}&dl=`, `${FI}?${SHARE}&dl=1`],
		[
			`https://www.dropbox.com/e/scl/fi/r2kd/a.mp4?dl=0&${SHARE}#t`,
			`https://www.dropbox.com/e/scl/fi/r2kd/a.mp4?dl=1&${SHARE}`,
		],
		['https://www.dropbox.com/s/nelirfsxnmcfbfh/a.mp4?dl=0', 'https://www.dropbox.com/s/nelirfsxnmcfbfh/a.mp4?dl=1'],
		['https://www.dropbox.com/s/nelirfsxnmcfbfh/a.mp4', 'https://www.dropbox.com/s/nelirfsxnmcfbfh/a.mp4?dl=1'],
		['https://dropbox.com/s/nelirfsxnmcfbfh', 'https://dropbox.com/s/nelirfsxnmcfbfh?dl=1'],
		[
			'https://www.dropbox.com/s/x/a%20%27%C3%A4%22(1)%2B.mp4?dl=0',
			'https://www.dropbox.com/s/x/a%20%27%C3%A4%22(1)%2B.mp4?dl=1',
		],
		[
			'https://www.dropbox.com/sh/2mgpiuq7kv8nqdf/AABy/Drone%20Shot.mp4?dl=0',
			'https://www.dropbox.com/sh/2mgpiuq7kv8nqdf/AABy/Drone%20Shot.mp4?dl=1',
		],
	])('%s is its download link', (url, direct) => expect(read(url)).toEqual({ value: direct, hint: DROPBOX }));

	it.each([
		`${FI}?${SHARE}&dl=1`,
		`${FI}?${SHARE}&raw=1`,
		`${FI}?raw=1&${SHARE}&dl=0`,
		'https://www.dropbox.com/s/nelirfsxnmcfbfh/a.mp4?dl=1',
		'https://dl.dropboxusercontent.com/s/nelirfsxnmcfbfh/a.mp4',
		`https://dl.dropboxusercontent.com/scl/fi/r2kd/a.mp4?${SHARE}&dl=0`,
		'https://dl.dropbox.com/s/nelirfsxnmcfbfh/a.mp4?dl=0',
		'https://uc1234567890.dl.dropboxusercontent.com/cd/0/get/AbC/file',
	])('%s is a file', (url) => expect(read(url)).toBeUndefined());

	it.each([
		`https://www.dropbox.com/scl/fo/abc/h?${SHARE}&dl=0`,
		`https://www.dropbox.com/scl/fo/abc/h?${SHARE}&dl=1`,
		'https://www.dropbox.com/sh/2mgpiuq7kv8nqdf/AABy?dl=0&preview=Drone+Shot.mp4',
		'https://www.dropbox.com/home/Videos?preview=a.mp4',
		'https://www.dropbox.com/home',
		'https://www.dropbox.com/t/AbCdEf',
	])('%s is no file', (url) =>
		expect(read(url)).toEqual({
			problem: 'is a Dropbox page, not a video file',
			todo: 'Download the file first and choose File From Previous Node, or use a direct link.',
		}),
	);
});

describe('pages about one file', () => {
	it.each([
		[
			'GitHub',
			'https://github.com/o/r/blob/main/a/b%20c.mp4',
			'https://raw.githubusercontent.com/o/r/main/a/b%20c.mp4',
		],
		[
			'GitHub',
			'https://www.github.com/o/r/blob/v1.0/a.png?plain=1#L1',
			'https://raw.githubusercontent.com/o/r/v1.0/a.png',
		],
		[
			'GitLab',
			'https://gitlab.com/g/s/r/-/blob/main/a.png?ref_type=heads',
			'https://gitlab.com/g/s/r/-/raw/main/a.png',
		],
		['Hugging Face', 'https://huggingface.co/o/m/blob/main/a.png', 'https://huggingface.co/o/m/resolve/main/a.png'],
		[
			'Hugging Face',
			'https://huggingface.co/datasets/o/d/blob/main/blob/a.mp4',
			'https://huggingface.co/datasets/o/d/resolve/main/blob/a.mp4',
		],
		[
			'Wikimedia',
			'https://commons.wikimedia.org/wiki/File:Caf%C3%A9_(1).jpg',
			'https://commons.wikimedia.org/wiki/Special:FilePath/Caf%C3%A9_(1).jpg',
		],
		[
			'Wikimedia',
			'https://en.wikipedia.org/wiki/File%3AA.png#x',
			'https://en.wikipedia.org/wiki/Special:FilePath/A.png',
		],
		[
			'Wikimedia',
			'https://de.m.wikipedia.org/wiki/Image:A.png',
			'https://de.m.wikipedia.org/wiki/Special:FilePath/A.png',
		],
		['GitHub', 'https://github.com/o/r/blob/main/$1$&.png', 'https://raw.githubusercontent.com/o/r/main/$1$&.png'],
		['GitLab', 'https://gitlab.com//e.com/r/-/blob/main/a.png', 'https://gitlab.com//e.com/r/-/raw/main/a.png'],
	])('%s page %s', (name, url, file) =>
		expect(read(url)).toEqual({
			value: file,
			hint: `The ${name} link was changed to the URL of the file itself, which must be public.`,
		}),
	);

	it.each([
		'https://github.com/o/r/blob/main/a.png?raw=true',
		'https://github.com/o/r/blob/main/a.png?raw=1',
		'https://github.com/o/r/raw/main/a.png',
		'https://github.com/o/r/releases/download/v1/a.mp4',
		'https://github.com/user-attachments/assets/4e7adcc7-eb0d-49c9-81e5-56c041f7a9dd',
		'https://raw.githubusercontent.com/o/r/main/blob/a.png',
		'https://user-images.githubusercontent.com/1/2.png',
		'https://media.githubusercontent.com/media/o/r/main/a.mp4',
		'https://example.com/o/r/blob/main/a.png',
		'https://gitlab.com/g/r/-/raw/main/a.png',
		'https://huggingface.co/o/m/resolve/main/a.png?download=true',
		'https://upload.wikimedia.org/wikipedia/commons/a/a9/Example.jpg',
		'https://commons.wikimedia.org/wiki/Special:FilePath/Example.jpg?width=300',
	])('%s is a file', (url) => expect(read(url)).toBeUndefined());
});

describe('pages', () => {
	it.each([
		['a YouTube', 'https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=10s'],
		['a YouTube', 'https://youtu.be/dQw4w9WgXcQ?si=AbC'],
		['a YouTube', 'https://youtube.com/shorts/dQw4w9WgXcQ'],
		['a YouTube', 'https://m.youtube.com/watch?v=dQw4w9WgXcQ'],
		['a YouTube', 'https://music.youtube.com/watch?v=dQw4w9WgXcQ'],
		['a YouTube', 'https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ'],
		['a Google Photos', 'https://photos.app.goo.gl/AbCdEf123'],
		['a Google Photos', 'https://photos.google.com/share/AF1Qip/photo/AF1Qip?key=k'],
		['a Google Drive', 'https://drive.google.com/drive/folders/1dQ4sx0-__Nvg65rxTSgQrl7VyW_FZ9QI?usp=sharing'],
		['a Google Drive', 'https://drive.google.com/drive/u/0/my-drive'],
		['a Google Drive', 'https://drive.google.com/open?id='],
		['a Google Drive', 'https://drive.google.com/file/d/short/view'],
		['a Google Docs', `https://docs.google.com/document/d/${ID}/edit?tab=t.0`],
		['a Google Docs', `https://docs.google.com/presentation/d/${ID}/edit#slide=id.p`],
		['a Google Docs', `https://docs.google.com/videos/d/${ID}/play`],
		['a Google search', 'https://www.google.com/imgres?imgurl=https%3A%2F%2Fx.com%2Fa.jpg'],
		['a Google search', 'https://www.google.co.uk/search?q=cat&tbm=isch'],
		['a Google search', 'https://google.com/url?sa=t&url=https%3A%2F%2Fx.com'],
		['a TikTok', 'https://www.tiktok.com/@user/video/7230000000000000000?is_from_webapp=1'],
		['a TikTok', 'https://www.tiktok.com/@user/photo/7230000000000000000'],
		['a TikTok', 'https://vm.tiktok.com/ZMabc/'],
		['a TikTok', 'https://vt.tiktok.com/ZSabc/'],
		['a TikTok', 'https://www.tiktok.com/t/ZTabc/'],
		['an Instagram', 'https://www.instagram.com/p/CabcDEF/?igsh=abc'],
		['an Instagram', 'https://www.instagram.com/reel/CabcDEF/'],
		['an Instagram', 'https://instagram.com/some.user/reel/CabcDEF/'],
		['an Instagram', 'https://www.instagram.com/stories/user/123/'],
		['an Instagram', 'https://www.instagram.com/some.user/?hl=en'],
		['a Facebook', 'https://www.facebook.com/watch/?v=123'],
		['a Facebook', 'https://www.facebook.com/reel/123'],
		['a Facebook', 'https://www.facebook.com/share/v/abc/'],
		['a Facebook', 'https://m.facebook.com/photo.php?fbid=1'],
		['a Facebook', 'https://www.facebook.com/page/videos/123/'],
		['a Facebook', 'https://fb.watch/abc/'],
		['a Threads', 'https://www.threads.net/@user/post/abc'],
		['an X', 'https://x.com/user/status/123?s=20'],
		['an X', 'https://twitter.com/user/status/123/photo/1'],
		['an X', 'https://x.com/i/web/status/123'],
		['a LinkedIn', 'https://www.linkedin.com/posts/user_activity-123'],
		['a Reddit', 'https://www.reddit.com/r/cats/comments/abc/title/'],
		['a Telegram', 'https://t.me/channel/123'],
		['a Vimeo', 'https://vimeo.com/291648067'],
		['a Vimeo', 'https://vimeo.com/291648067/abcdef1234?share=copy'],
		['a Vimeo', 'https://vimeo.com/channels/staffpicks/291648067'],
		['a Vimeo', 'https://player.vimeo.com/video/291648067?h=abc'],
		['a Dailymotion', 'https://www.dailymotion.com/video/x8abc'],
		['a Bilibili', 'https://www.bilibili.com/video/BV1ab411c7de/'],
		['a Twitch', 'https://clips.twitch.tv/AbcDef'],
		['a Loom', 'https://www.loom.com/share/0123456789abcdef'],
		['a Streamable', 'https://streamable.com/abc123'],
		['a OneDrive', 'https://1drv.ms/v/s!AbCdEf?e=abc'],
		['a OneDrive', 'https://1drv.ms/i/c/1234567890abcdef/AbC'],
		['a OneDrive', 'https://onedrive.live.com/redir?resid=XXX!YYYY&authkey=!ZZZZZ&ithint=video'],
		['a OneDrive', 'https://onedrive.live.com/?id=AB8DAAB49807BE4%21140&cid=0AB8DAAB49807BE4'],
		['a OneDrive', 'https://onedrive.live.com/embed?cid=1&resid=2&authkey=3'],
		['a SharePoint', 'https://lut-my.sharepoint.com/:v:/g/personal/juha_lut_fi/EUrAmrktb4ZM?e=ZpQOOw'],
		['a SharePoint', 'https://t.sharepoint.com/:i:/s/site/EUrAmrktb4ZM'],
		['a SharePoint', 'https://t-my.sharepoint.com/personal/u/_layouts/15/onedrive.aspx?id=%2Fpersonal%2Fa.mp4'],
		['a SharePoint', 'https://t.sharepoint.com/sites/s/_layouts/15/stream.aspx?id=%2Fa.mp4'],
		['an iCloud', 'https://www.icloud.com/iclouddrive/0abCdEf#a'],
		['an iCloud', 'https://share.icloud.com/photos/0abCdEf'],
		['a WeTransfer', 'https://we.tl/t-AbCdEf'],
		['a WeTransfer', 'https://wetransfer.com/downloads/abc/def'],
		['a Box', 'https://app.box.com/s/abcdef'],
		['a Box', 'https://company.app.box.com/file/123'],
		['a MEGA', 'https://mega.nz/file/abc#def'],
		['a MediaFire', 'https://www.mediafire.com/file/abc/a.mp4/file'],
		['an Imgur', 'https://imgur.com/A61SaA1'],
		['an Imgur', 'https://imgur.com/gallery/YcAQlkx'],
		['an Imgur', 'https://m.imgur.com/a/iX265HX'],
		['an Imgur', 'https://i.imgur.com/A61SaA1.gifv'],
		['a Pinterest', 'https://www.pinterest.com/pin/123/'],
		['a Pinterest', 'https://in.pinterest.com/pin/123/'],
		['a Pinterest', 'https://www.pinterest.co.uk/pin/123/'],
		['a Pinterest', 'https://pin.it/abc'],
		['a Giphy', 'https://giphy.com/gifs/cat-dance-abc123'],
		['a Tenor', 'https://tenor.com/view/cat-gif-123'],
		['a Tenor', 'https://tenor.com/en-GB/view/cat-gif-123'],
		['a Canva', 'https://www.canva.com/design/DAFabc/view'],
		['a Flickr', 'https://www.flickr.com/photos/user/123/'],
		['an Unsplash', 'https://unsplash.com/photos/rEcn8OB83EI'],
		['a Pexels', 'https://www.pexels.com/video/salt-shores-16979063/'],
		['a Pexels', 'https://www.pexels.com/de-de/foto/../photo/a-17213600/'],
		['a Pixabay', 'https://pixabay.com/videos/dance-123/'],
		['a Pixabay', 'https://pixabay.com/de/photos/cat-123/'],
	])('%s page %s is no file', (name, url) => {
		const todo = 'Download the file first and choose File From Previous Node, or use a direct link.';
		expect(read(url)).toEqual({ problem: `is ${name} page, not a video file`, todo });
		expect(readSharePage(new URL(url), 'image')).toEqual({ problem: `is ${name} page, not an image file`, todo });
	});

	it.each([
		'https://i.ytimg.com/vi/dQw4w9WgXcQ/maxresdefault.jpg',
		'https://img.youtube.com/vi/dQw4w9WgXcQ/0.jpg',
		'https://rr3---sn-abc.googlevideo.com/videoplayback?expire=1&sig=AJf',
		'https://v16-webapp-prime.tiktok.com/video/tos/useast2a/abc/?a=1988',
		'https://v19.tiktokcdn-us.com/abc/video/tos/',
		'https://p16-sign-va.tiktokcdn.com/obj/abc~tplv-photomode-image.jpeg?x-expires=1&x-signature=a%2Bb',
		'https://scontent-fra3-1.cdninstagram.com/v/t51.29350-15/1_n.jpg?stp=dst-jpg&_nc_ht=scontent',
		'https://www.instagram.com/p/CabcDEF/media/?size=l',
		'https://scontent.xx.fbcdn.net/v/t39.30808-6/1_n.jpg?oh=00_A&oe=6',
		'https://video.xx.fbcdn.net/o1/v/t2/f2/m69/a.mp4?efg=e&oh=0',
		'https://lookaside.fbsbx.com/lookaside/crawler/media/?media_id=1',
		'https://graph.facebook.com/123/picture?type=large',
		'https://www.facebook.com/ads/image/?d=AQK',
		'https://pbs.twimg.com/media/Abc?format=jpg&name=large',
		'https://video.twimg.com/ext_tw_video/1/pu/vid/720x1280/a.mp4?tag=12',
		'https://x.com/a.jpg',
		'https://x.com/folder/file',
		'https://media.licdn.com/dms/image/v2/abc/0?e=1&v=beta&t=x',
		'https://i.redd.it/abc.jpg',
		'https://v.redd.it/abc/DASH_720.mp4',
		'https://api.telegram.org/file/bot1:A/photos/file_1.jpg',
		'https://player.vimeo.com/progressive_redirect/playback/1/rendition/720p/file.mp4?loc=external&signature=s',
		'https://player.vimeo.com/external/291648067.sd.mp4?s=7f9e&profile_id=164',
		'https://cdn.loom.com/sessions/thumbnails/abc.gif',
		'https://onedrive.live.com/download?cid=1&resid=2&authkey=3',
		'https://1drv.ms/v/s!AbC?download=1',
		'https://public.dm.files.1drv.com/y4mAbC',
		'https://my.microsoftpersonalcontent.com/personal/a/_layouts/15/download.aspx?UniqueId=u&tempauth=v1.e',
		'https://t.sharepoint.com/sites/s/_layouts/15/download.aspx?UniqueId=u&tempauth=v1.e',
		'https://t-my.sharepoint.com/:v:/g/personal/u/EUrAm?e=Zp&download=1',
		'https://cvws.icloud-content.com/B/abc/a.mp4?o=x&v=1',
		'https://download.wetransfer.com/eugv/abc/a.mp4?token=ey',
		'https://app.box.com/shared/static/abc.mp4',
		'https://dl.boxcloud.com/d/1/b1!abc/download',
		'https://download1509.mediafire.com/abc/def/a.mp4',
		'https://i.imgur.com/A61SaA1.jpg',
		'https://i.imgur.com/A61SaA1.mp4',
		'https://imgur.com/A61SaA1.png',
		'https://i.pinimg.com/originals/a/b/c.jpg',
		'https://v1.pinimg.com/videos/mc/720p/a.mp4',
		'https://media.giphy.com/media/abc/giphy.mp4',
		'https://media1.tenor.com/m/abc/cat.gif',
		'https://media.tenor.com/abc/cat.mp4',
		'https://export-download.canva.com/abc/a.mp4?X-Amz-Signature=1',
		'https://live.staticflickr.com/7069/7020112209_c24fb4dd54_c.jpg',
		'https://images.unsplash.com/photo-1447931958677?ixlib=rb-1.2.1&q=80&fm=jpg',
		'https://unsplash.com/photos/rEcn8OB83EI/download?force=true',
		'https://images.pexels.com/photos/17213600/pexels-photo-17213600.jpeg?cs=srgb&dl=a.jpg&fm=jpg',
		'https://www.pexels.com/download/video/16979063/',
		'https://videos.pexels.com/video-files/1448735/1448735-hd.mp4',
		'https://cdn.pixabay.com/photo/2016/1/a_1280.jpg',
		'https://pixabay.com/get/abc_1280.jpg',
		'https://pixabay.com/videos/download/video-123_large.mp4',
		'https://storage.googleapis.com/search/a.jpg',
		'https://www.google.com/logos/doodles/a.gif',
		'https://notyoutube.com/watch?v=1',
		'https://youtube.com.example.net/watch',
		'https://www.example.com/drive/folders/1',
	])('%s may be a file', (url) => expect(read(url)).toBeUndefined());
});

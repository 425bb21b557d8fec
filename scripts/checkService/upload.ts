import { routes } from '../../nodes/KlingMotionControl/segmind/routes';
import { parsed } from '../../nodes/KlingMotionControl/segmind/json';
import { uploadedUrl, uploadFrame } from '../../nodes/KlingMotionControl/segmind/upload';
import { Findings, type Finding } from './findings';
import { fetchFile, type Service } from './service';
import { hostOf, shapeOf } from './shape';

/** The smallest PNG there is: one transparent pixel. */
export const PICTURE = Buffer.from(
	'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
	'base64',
);

/** An upload of a tiny picture, which stays there, and the way back without the key. */
export async function checkUpload(service: Service): Promise<Finding[]> {
	const findings = new Findings('Upload');
	const { head, tail } = uploadFrame('image/png');
	const body = parsed(`${head}${PICTURE.toString('base64')}${tail}`) as object;
	const reply = await service.ask({ stage: 'upload', host: 'storage', method: 'POST', path: routes.upload, body });
	const url = 'fault' in reply ? undefined : uploadedUrl(parsed(reply.text));
	findings.answer(
		{ fact: 'A tiny picture', expected: '200, JSON with its URL in `urls` or `file_urls`', depends: true },
		reply,
		(answer) => ({
			seen: `${shapeOf(answer)}; ${url ? `a URL (${hostOf(url)})` : 'no URL that can be read'}`,
			ok: answer.status === 200 && url !== undefined,
		}),
	);
	const back = { fact: 'Its URL, without the key', expected: '200, the same bytes', depends: true };
	const type = { fact: 'Its content type', expected: 'image/png', depends: false };
	if (!url) {
		findings.skip(back, 'no URL');
		findings.skip(type, 'no URL');
		return findings.all;
	}
	const fetched = await fetchFile(service, url);
	findings.answer(back, fetched, ({ status, body: bytes }) => {
		const isSame = bytes.equals(PICTURE);
		return {
			seen: `${status}, ${isSame ? 'the same bytes' : `${bytes.length} other bytes`}`,
			ok: status === 200 && isSame,
		};
	});
	findings.answer(type, fetched, ({ headers }) => {
		const [mimeType = ''] = (headers['content-type'] ?? '').split(';');
		return { seen: /^[\w.+/-]{1,60}$/.test(mimeType) ? mimeType : 'none', ok: mimeType === 'image/png' };
	});
	return findings.all;
}

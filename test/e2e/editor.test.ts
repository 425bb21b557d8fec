import { KEY } from '../support/fakeSegmind/service';
import { SAMPLE_BODY } from '../support/parameters';
import { Editor } from './support/editor';
import { example } from './support/examples';
import { boughtBy, forget, startInstance, videoOf, type Instance } from './support/instance';
import { credentialMessageOf, hintOf, optionOf } from './support/labels';
import { n8nVersion } from './support/n8n';

let instance: Instance;
let editor: Editor;
let failure: string | undefined;

beforeAll(async () => {
	instance = await startInstance({ fails: () => failure });
	editor = await Editor.open(instance.n8n.url);
});
afterAll(async () => {
	await editor?.close();
	await instance?.close();
});
beforeEach(() => {
	forget(instance.fake);
	failure = undefined;
});

/** One after another, as a person would: each goes on where the one before it left the editor. */
describe(`n8n ${n8nVersion()}: the editor`, () => {
	test('finds the node by "kling", with its icon', async () => {
		await editor.goTo('/workflow/new');
		await editor.at('canvas-plus-button').click();
		await editor.at('node-creator-search-bar').fill('kling');
		const found = editor.at('item-iterator-item').filter({ hasText: 'Kling Motion Control' });
		const icon = found.locator('img').first();
		await icon.waitFor();
		expect(await icon.getAttribute('src')).toContain('klingMotionControl.svg');
		expect(await icon.evaluate((image: { naturalWidth: number }) => image.naturalWidth)).toBeGreaterThan(0);
		await found.click();
		await editor
			.at('item-iterator-item')
			.filter({ hasText: optionOf('operation', 'generate').action })
			.click();
		await editor.field('prompt').waitFor();
	});

	test('says of a wrong key that it is wrong, and of a right one that it works', async () => {
		const { fake } = instance;
		await editor.at('node-credentials-select').click();
		await editor.at('node-credentials-select-item-new').click();
		const dialog = editor.at('editCredential-modal');
		await editor.field('apiKey').fill('a wrong one');
		await editor.field('baseUrl').fill(fake.url);
		await editor.field('storageUrl').fill(fake.storageUrl);
		await editor.at('credential-save-button').click();
		await dialog.getByText('More details').click();
		await dialog.getByText(credentialMessageOf(401)).waitFor();
		expect(await dialog.getByText('Couldn’t connect with these settings').isVisible()).toBe(true);

		await editor.field('apiKey').fill(KEY);
		await editor.at('credential-save-button').click();
		// a key that works closes the dialog
		await dialog.waitFor({ state: 'hidden' });
		await editor.at('credential-edit-button').click();
		await dialog.getByText('Connection tested successfully').waitFor();
		await dialog.locator('button.el-dialog__headerbtn, button[aria-label="Close this dialog"]').first().click();
		await dialog.waitFor({ state: 'hidden' });
		expect(fake.segmind.requestsTo('credits').map(({ headers }) => headers['x-api-key'])).toEqual(
			expect.arrayContaining(['awrongone', KEY]),
		);
		expect(boughtBy(fake)).toEqual([]);
	});

	test('shows the fields that belong to the choices', async () => {
		const shown = async (name: string) => await editor.at(`parameter-input-${name}`).isVisible();
		expect([await shown('imageUrl'), await shown('imageBinaryProperty')]).toEqual([true, false]);
		await editor.choose('imageSource', 'binary');
		await editor.field('imageBinaryProperty').waitFor();
		expect(await editor.field('imageBinaryProperty').inputValue()).toBe('image');
		expect([await shown('imageUrl'), await shown('imageBinaryProperty')]).toEqual([false, true]);
		await editor.choose('imageSource', 'url');
		await editor.field('imageUrl').waitFor();
		expect([await shown('imageUrl'), await shown('imageBinaryProperty')]).toEqual([true, false]);

		const hint = editor.page.getByText(hintOf('characterOrientation', 'image')).first();
		await editor.choose('characterOrientation', 'image');
		await hint.waitFor();
		await editor.choose('characterOrientation', 'video');
		await hint.waitFor({ state: 'hidden' });
	});

	test('Execute step: the output has the video, with name, type and size', async () => {
		await editor.field('prompt').fill(SAMPLE_BODY.prompt);
		await editor.field('imageUrl').fill(SAMPLE_BODY.image_url);
		await editor.field('videoUrl').fill(SAMPLE_BODY.video_url);
		await editor.execute(() => boughtBy(instance.fake).length > 0);
		const output = editor.at('output-panel');
		await output.getByText('File Name').waitFor();
		const [job] = instance.fake.segmind.jobs;
		if (!job) throw new Error('no job');
		const text = await output.innerText();
		for (const part of [`${job.id}.mp4`, 'video/mp4', `${(videoOf(job).length / 1_000).toFixed(1)} kB`]) {
			expect(text).toContain(part);
		}
		expect(boughtBy(instance.fake)).toEqual([SAMPLE_BODY]);
		await editor.photograph('node');
	});

	test('an error says what happened, and what to do', async () => {
		failure = 'the image has no person';
		await editor.execute(() => boughtBy(instance.fake).length > 0);
		const message = await editor.at('node-error-message').innerText();
		const [job] = instance.fake.segmind.jobs;
		expect(message).toContain(failure);
		const text = await editor.at('output-panel').innerText();
		expect(text).toContain(job?.id);
		expect(text).toMatch(/not charged/);
		expect(text).not.toContain(KEY);
		await editor.photograph('error');
	});

	test('a whole workflow', async () => {
		const { n8n, credentials } = instance;
		const { id } = await n8n.rest.workflow(example('submit-wait-get', credentials));
		await editor.goTo(`/workflow/${id}`);
		await editor.page.getByText('Work that must survive a restart').waitFor();
		await editor.at('zoom-to-fit').click();
		expect(await editor.at('canvas-node').count()).toBe(7);
		await editor.photograph('workflow');
	});
});

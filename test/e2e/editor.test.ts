import { KEY, type FakeRequest, type Fault, type Route } from '../support/fakeSegmind/service';
import { SAMPLE_BODY } from '../support/parameters';
import { Editor } from './support/editor';
import { example, EXAMPLES } from './support/examples';
import { boughtBy, forget, startInstance, videoOf, type Instance } from './support/instance';
import { credentialMessageOf, hintOf, optionLabels, optionOf } from './support/labels';
import { n8nVersion } from './support/n8n';

const NODE = 'Kling Motion Control';
const REASON = 'the image has no person';

let instance: Instance;
let editor: Editor;
let failure: string | undefined;
/** Why Segmind refuses to take on a prompt. */
let refusal: ((prompt: string) => string) | undefined;

/** The refusals of a list come together, once all of its requests are on their way. */
function refused({ body }: FakeRequest, route: Route): Fault | undefined {
	if (route !== 'submit' || !refusal) return undefined;
	const { prompt } = JSON.parse(body) as { prompt: string };
	return { status: 400, body: { error: refusal(prompt) }, after: 1_000 };
}

beforeAll(async () => {
	instance = await startInstance({ fails: () => failure, fault: refused });
	editor = await Editor.open(instance.n8n.url);
});
afterAll(async () => {
	await editor?.close();
	await instance?.close();
});
beforeEach(() => {
	forget(instance.fake);
	failure = undefined;
	refusal = undefined;
});

/** One after another, as a person would: each goes on where the one before it left the editor. */
describe(`n8n ${n8nVersion()}: the editor`, () => {
	test('finds the node by "kling", with its icon', async () => {
		await editor.goTo('/workflow/new');
		await editor.at('canvas-plus-button').click();
		await editor.at('node-creator-search-bar').fill('kling');
		const found = editor.at('item-iterator-item').filter({ hasText: NODE });
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

	test('takes a URL and a file side by side', async () => {
		await editor.field('imageUrl').fill(SAMPLE_BODY.image_url);
		await editor.choose('videoSource', 'binary');
		await editor.field('videoBinaryProperty').waitFor();
		expect(await editor.field('videoBinaryProperty').inputValue()).toBe('video');
		await editor.at('parameter-input-keepOriginalSound').scrollIntoViewIfNeeded();
		await editor.photograph('sources');
		await editor.choose('videoSource', 'url');
		await editor.field('videoUrl').waitFor();
	});

	test('offers the options of the operation', async () => {
		const list = editor.page.locator('[data-test-id="collection-parameter-option"]:visible');
		await editor.at('collection-parameter-add').click();
		await list.first().waitFor();
		expect(await list.allInnerTexts()).toEqual(optionLabels('generate'));
		await editor.photograph('options');
		await editor.page.keyboard.press('Escape');
		await list.first().waitFor({ state: 'hidden' });
	});

	test('Execute step: the output has the video, with name, type, size and cost', async () => {
		await editor.field('prompt').fill(SAMPLE_BODY.prompt);
		await editor.field('imageUrl').fill(SAMPLE_BODY.image_url);
		await editor.field('videoUrl').fill(SAMPLE_BODY.video_url);
		await editor.execute(() => boughtBy(instance.fake).length > 0);
		const output = editor.at('output-panel');
		await output.getByText('File Name').waitFor();
		const [job] = instance.fake.segmind.jobs;
		if (!job) throw new Error('no job');
		const text = await output.innerText();
		for (const part of [
			`${job.id}.mp4`,
			'video/mp4',
			`${(videoOf(job).length / 1_000).toFixed(1)} kB`,
			'1 video cost $0.97.',
		]) {
			expect(text).toContain(part);
		}
		expect(boughtBy(instance.fake)).toEqual([SAMPLE_BODY]);
		await editor.photograph('node');
	});

	test('an error says what happened, and what to do', async () => {
		failure = REASON;
		await editor.execute(() => boughtBy(instance.fake).length > 0);
		const message = await editor.at('node-error-message').innerText();
		const [job] = instance.fake.segmind.jobs;
		expect(message).toContain(REASON);
		const text = await editor.at('output-panel').innerText();
		expect(text).toContain(job?.id);
		expect(text).toMatch(/not charged/);
		expect(text).not.toContain(KEY);
		await editor.photograph('error');
	});

	test('an error of a list says what happened to each item', async () => {
		const { n8n, fake, credentials } = instance;
		refusal = (prompt) => (prompt.includes('moon') ? 'the prompt was flagged' : 'image_url has no image');
		const stop = { onError: 'stopWorkflow' as const };
		const { id } = await n8n.rest.workflow(example('list-of-prompts', credentials, { [NODE]: stop }));
		await editor.goTo(`/workflow/${id}`);
		await editor.node(NODE).dblclick();
		await editor.execute(() => boughtBy(fake).length > 0);
		const message = editor.at('node-error-message');
		await message.waitFor();
		expect(await message.innerText()).toContain('image_url has no image');
		const text = await editor.at('output-panel').innerText();
		expect(text).toContain('Item 1 failed for the same reason.');
		expect(text).toMatch(/Item 2 failed too: .*the prompt was flagged\./);
		expect(text).toContain('This item was not charged');
		expect([boughtBy(fake), fake.segmind.jobs]).toMatchObject([{ length: 3 }, { length: 0 }]);
		await editor.photograph('errors');
	});

	test.each(EXAMPLES)('the example %s has its nodes, and a note that can be read to its end', async (name) => {
		const { n8n, credentials } = instance;
		const file = example(name, credentials);
		const { id } = await n8n.rest.workflow(file);
		await editor.goTo(`/workflow/${id}`);
		await editor.at('sticky').waitFor();
		expect(await editor.at('canvas-node').count()).toBe(file.nodes.length - 1);
		const note = editor.at('sticky').locator('.n8n-markdown > div');
		expect(await note.evaluate(({ scrollHeight, clientHeight }) => scrollHeight - clientHeight)).toBe(0);
		await editor.at('zoom-to-fit').click();
		// n8n's own buttons cover what is at the bottom
		await editor.at('zoom-out-button').click();
		await editor.photograph(`example.${name}`, name === 'submit-wait-get' ? ['dark', 'light'] : ['light']);
	});
});

import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import type { Page } from 'playwright-core';

import { startFakeSegmind, type FakeServer } from '../support/fakeSegmind/server';
import { KEY, VIDEO } from '../support/fakeSegmind/service';
import { mediaFile } from '../support/mediaFiles';
import { SAMPLE_BODY } from '../support/parameters';
import { Editor } from './support/editor';
import { installedFolder } from './support/installation';
import { boughtBy, expectVideo, LATENCY, videoOf } from './support/instance';
import { n8nVersion, startN8n, type N8n } from './support/n8n';
import { until } from './support/processes';
import { itemsOf, type Execution } from './support/rest';

const NODE = 'Kling Motion Control';
const FORM = join(__dirname, '../../examples/form.json');
const FIXTURES = join(__dirname, '../support/fixtures');
const IMAGE = join(FIXTURES, 'media/picture.png');
const MOTION = join(FIXTURES, 'dance.mp4');

let folder: string;
let n8n: N8n;
let fake: FakeServer;
let editor: Editor;
/** Whether the media host has lost the videos. */
let lost = false;

beforeAll(async () => {
	fake = await startFakeSegmind({
		latency: LATENCY,
		video: videoOf,
		fault: (_request, route) => (lost && route === 'media' ? { status: 404 } : undefined),
	});
	folder = await installedFolder();
	n8n = await startN8n({ folder });
});
afterAll(async () => {
	await editor?.close();
	await n8n?.stop();
	await fake?.close();
	rmSync(folder, { recursive: true, force: true });
});

/** Executes the workflow and fills in the form that n8n opens for it. */
async function fillIn(prompt: string): Promise<Page> {
	const opened = editor.page.waitForEvent('popup');
	await editor.at('execute-workflow-button').click();
	const form = await opened;
	await form.getByLabel('Prompt').fill(prompt);
	const [image, motion] = [form.locator('input[type=file]').nth(0), form.locator('input[type=file]').nth(1)];
	await image.setInputFiles(IMAGE);
	await motion.setInputFiles(MOTION);
	return form;
}

async function newestExecution(): Promise<Execution> {
	const { results } = await n8n.rest.call<{ results: Array<{ id: string }> }>('GET', '/executions?limit=1');
	return await n8n.rest.execution(results[0]?.id ?? '');
}

/** The body of a request for the files of the form. */
function bodyFor(prompt: string, at: number): object {
	const [image, motion] = fake.segmind.uploads.slice(at, at + 2);
	expect([image?.content, motion?.content]).toEqual([mediaFile('picture.png'), VIDEO]);
	return { ...SAMPLE_BODY, prompt, image_url: image?.url, video_url: motion?.url };
}

/** One after another, as a person would who has never seen n8n: each goes on where the one before it left the editor. */
describe(`n8n ${n8nVersion()}: a walk from an empty n8n`, () => {
	test('an owner, an imported workflow, and a credential', async () => {
		editor = await Editor.setUp(n8n.url);
		await editor.goTo('/workflow/new');
		await editor.at('canvas-plus-button').waitFor();
		await editor.import(FORM);
		await editor.node(NODE).dblclick();
		await editor.field('imageBinaryProperty').waitFor();
		await editor.at('node-credentials-empty-state').getByRole('button').click();
		await editor.field('apiKey').fill(KEY);
		await editor.field('baseUrl').fill(fake.url);
		await editor.field('storageUrl').fill(fake.storageUrl);
		await editor.field('historyUrl').fill(fake.historyUrl);
		await editor.at('credential-save-button').click();
		// a key that works closes the dialog
		await editor.at('editCredential-modal').waitFor({ state: 'hidden' });
		await editor.page.keyboard.press('Escape');
		await editor.field('imageBinaryProperty').waitFor({ state: 'hidden' });
		expect(fake.segmind.requestsTo('credits')).not.toEqual([]);
		expect(boughtBy(fake)).toEqual([]);
	});

	test('a form takes two files, and the browser downloads the video', async () => {
		const form = await fillIn('dance, please.');
		const downloaded = form.waitForEvent('download');
		await form.getByRole('button', { name: 'Submit' }).click();
		const download = await downloaded;
		const [job] = fake.segmind.jobs;
		expect(download.suggestedFilename()).toBe(`${job?.id}.mp4`);
		expect(job && readFileSync(await download.path()).equals(videoOf(job))).toBe(true);
		expect(boughtBy(fake)).toEqual([bodyFor('dance, please.', 0)]);
		await form.close();
	});

	test('an error, then Retry in the Executions list: the video arrives, one request for each of the two', async () => {
		lost = true;
		const form = await fillIn('dance again.');
		await form.getByRole('button', { name: 'Submit' }).click();
		await form.getByText('Problem submitting response').waitFor();
		await form.close();
		const message = editor.page.locator('.el-notification').filter({ hasText: NODE });
		expect(await message.innerText()).toContain('The finished video could not be downloaded');
		lost = false;

		await editor.page.getByRole('radio', { name: 'Executions' }).click();
		await editor.at('execution-preview-retry-button').click();
		await editor.page.getByText('Retry with currently saved workflow').click();
		await editor.page.getByText(/^Retry of execution #/).waitFor();
		await n8n.rest.signIn();
		// the form's last node waits for somebody to look at its page, so the execution itself does not end
		const retried = await until('the video', async () => itemsOf(await newestExecution(), NODE)[0]);
		expect(await expectVideo({ n8n, fake }, retried)).toBe(fake.segmind.jobs[1]?.id);
		expect(retried.json).toMatchObject({ status: 'COMPLETED', resumed: true });
		expect(boughtBy(fake)).toEqual([bodyFor('dance, please.', 0), bodyFor('dance again.', 2)]);
	});
});

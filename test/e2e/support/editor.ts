import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { chromium, type Browser, type Locator, type Page } from 'playwright-core';

import { settle } from '../../../nodes/KlingMotionControl/jobs/repeat';
import { optionOf } from './labels';
import { until } from './processes';
import { OWNER } from './rest';

/** Debian's Chromium keeps to itself with these. */
const ARGUMENTS = [
	'--headless',
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];

/** Where screenshots go: by default a folder that git ignores. */
const PICTURES = join(__dirname, '../../..', process.env.SCREENSHOTS ?? 'output/screenshots');

/** n8n's editor in a browser, signed in. */
export class Editor {
	private constructor(
		private readonly browser: Browser,
		readonly page: Page,
		private readonly url: string,
	) {}

	/** Signs in as the owner. */
	static async open(url: string): Promise<Editor> {
		return await Editor.launch(url, async (editor) => await editor.enter('/signin', ['email', 'password']));
	}

	/** Makes the owner of an n8n that has none. */
	static async setUp(url: string): Promise<Editor> {
		const fields = ['email', 'firstName', 'lastName', 'password'] as const;
		return await Editor.launch(url, async (editor) => await editor.enter('/setup', fields));
	}

	private static async launch(url: string, begin: (editor: Editor) => Promise<void>): Promise<Editor> {
		const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ARGUMENTS });
		const page = await browser.newPage({ viewport: { width: 1400, height: 800 }, deviceScaleFactor: 1 });
		page.setDefaultTimeout(120_000);
		const editor = new Editor(browser, page, url);
		const begun = await settle(async () => await begin(editor));
		if ('value' in begun) return editor;
		await editor.close();
		throw begun.error;
	}

	/** Fills in a page with the owner's facts and sends it. */
	private async enter(path: string, fields: ReadonlyArray<keyof typeof OWNER>): Promise<void> {
		await this.goTo(path);
		for (const field of fields) {
			const input = `input[type=${field}], input[name=${field}], [data-test-id=${field}] input`;
			await this.page.locator(input).first().fill(OWNER[field]);
		}
		await this.page.keyboard.press('Enter');
		await this.page.waitForURL(/\/(home|workflow|assistant)/, { waitUntil: 'commit' });
	}

	async goTo(path: string): Promise<void> {
		await this.page.goto(this.url + path, { waitUntil: 'domcontentloaded' });
	}

	/** What n8n's own tests find things by. */
	at(testId: string): Locator {
		return this.page.locator(`[data-test-id="${testId}"]`);
	}

	/** The input of a parameter or of a credential's field. */
	field(name: string): Locator {
		return this.at(`parameter-input-${name}`).locator('input, textarea').first();
	}

	/** Chooses a value of a parameter, by the label that it has in the list. */
	async choose(name: string, value: string): Promise<void> {
		await this.field(name).click();
		await this.page
			.locator('[data-test-id="parameter-input-item"]:visible')
			.filter({ has: this.page.getByText(optionOf(name, value).name, { exact: true }) })
			.click();
	}

	/** A node on the canvas. */
	node(name: string): Locator {
		return this.page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
	}

	/** Imports a file into the workflow that is open. */
	async import(file: string): Promise<void> {
		await this.at('workflow-menu').click();
		await this.at('workflow-menu-item-import').hover();
		const chooser = this.page.waitForEvent('filechooser');
		await this.at('workflow-menu-item-import-from-file').click();
		await (await chooser).setFiles(file);
	}

	/** "Execute step", again where nothing comes of it: n8n takes no click while the run before is still ending. */
	async execute(hasBegun: () => boolean | Promise<boolean>): Promise<void> {
		await until('the step is executed', async () => {
			await this.at('node-execute-button').first().click();
			return await until('it begins', hasBegun, 30);
		});
	}

	/** A picture in each of these schemes, once its animations are over. */
	async photograph(name: string, schemes: Array<'dark' | 'light'> = ['dark', 'light']): Promise<void> {
		mkdirSync(PICTURES, { recursive: true });
		for (const message of await this.page.locator('.el-notification__closeBtn').all()) await message.click();
		await this.page.mouse.move(0, 0);
		for (const colorScheme of schemes) {
			await this.page.emulateMedia({ colorScheme });
			await this.page.waitForTimeout(1_000);
			await this.page.screenshot({ path: join(PICTURES, `${name}.${colorScheme}.png`), animations: 'disabled' });
		}
	}

	async close(): Promise<void> {
		await this.browser.close();
	}
}

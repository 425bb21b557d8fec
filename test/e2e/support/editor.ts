import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { chromium, type Browser, type Locator, type Page } from 'playwright-core';

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

	static async open(url: string): Promise<Editor> {
		const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ARGUMENTS });
		const page = await browser.newPage({ viewport: { width: 1400, height: 900 }, deviceScaleFactor: 1 });
		page.setDefaultTimeout(120_000);
		const editor = new Editor(browser, page, url);
		await editor.goTo('/signin');
		await page.fill('input[type=email]', OWNER.email);
		await page.fill('input[type=password]', OWNER.password);
		await page.keyboard.press('Enter');
		await page.waitForURL(/\/(home|workflow)/, { waitUntil: 'commit' });
		return editor;
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

	/** "Execute step", again where nothing comes of it: n8n takes no click while the run before is still ending. */
	async execute(hasBegun: () => boolean): Promise<void> {
		await until('the step is executed', async () => {
			await this.at('node-execute-button').first().click();
			return await until('it begins', hasBegun, 30);
		});
	}

	/** A picture in a light and in a dark one, once its animations are over. */
	async photograph(name: string): Promise<void> {
		mkdirSync(PICTURES, { recursive: true });
		for (const message of await this.page.locator('.el-notification__closeBtn').all()) await message.click();
		await this.page.mouse.move(0, 0);
		for (const colorScheme of ['dark', 'light'] as const) {
			await this.page.emulateMedia({ colorScheme });
			await this.page.waitForTimeout(1_000);
			await this.page.screenshot({ path: join(PICTURES, `${name}.${colorScheme}.png`), animations: 'disabled' });
		}
	}

	async close(): Promise<void> {
		await this.browser.close();
	}
}

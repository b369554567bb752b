import type { Browser, Locator, Page } from 'playwright-core';
import { owner } from './n8n';

/** n8n's editor in a browser of its own, and what went wrong in it. */
export interface Editor {
	page: Page;
	/** Errors of the page and of its console. */
	faults: string[];
	/** What n8n marks with a test id. */
	element(id: string): Locator;
	/** A field of a form. */
	input(parameter: string): Locator;
	newWorkflow(): Promise<void>;
	/** Searches the panel of nodes; words that the panel's first page holds too would be found before the search. */
	findNode(words: string, name: string): Promise<Locator>;
	/** Fills a box, and waits until the workflow holds it: the editor takes over what is typed some time later. */
	write(parameter: string, text: string): Promise<void>;
	/** The parameters of the node whose form is open, or of the one that is named, as the workflow holds them. */
	parameters(node?: string): Promise<Record<string, unknown>>;
	/** Waits until the workflow holds it. */
	hasTaken(path: string, value: unknown): Promise<void>;
	/** Saves the form of an account that is open; n8n closes it unless a test of the account went wrong. */
	saveAccount(): Promise<void>;
}

/** One of the editor's stores: of its own, or of the workflow that is open. */
export const store = (name: string) => `(() => {
	const stores = document.querySelector('#app').__vue_app__.config.globalProperties.$pinia._s;
	return stores.get('${name}/' + stores.get('workflows').workflowId + '@latest') ?? stores.get('${name}');
})()`;

const shown = `((name) => {
	const open = name ?? document.querySelector('[data-test-id="ndv"] [data-test-id="node-title-container"]')?.innerText.trim();
	return ${store('workflowDocuments')}?.allNodes.find((node) => node.name === open)?.parameters ?? {};
})`;

/** A browser's page in which the owner is logged in. */
export async function openEditor(browser: Browser, url: string): Promise<Editor> {
	const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
	// On a busy machine the editor's own scripts take their time.
	page.setDefaultTimeout(60_000);
	await page.goto(`${url}/signin`);
	await page.fill('input[name="emailOrLdapLoginId"]', owner.email);
	await page.fill('input[name="password"]', owner.password);
	await page.click('[data-test-id="form-submit-button"]');
	await page.waitForURL(/home|workflow/);
	const faults: string[] = [];
	page.on('pageerror', (error) => faults.push(error.message));
	page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));

	const element = (id: string) => page.locator(`[data-test-id="${id}"]`);
	const input = (parameter: string) => element(`parameter-input-${parameter}`);
	const hasTaken = async (path: string, value: unknown) => {
		const read = `${path.split('.').reduce((code, key) => `${code}?.[${JSON.stringify(key)}]`, `${shown}()`)}`;
		await page.waitForFunction(`JSON.stringify(${read}) === ${JSON.stringify(JSON.stringify(value))}`);
	};
	return {
		page,
		faults,
		element,
		input,
		async newWorkflow() {
			await page.goto(`${url}/workflow/new`);
			// The editor gives the workflow an id, and sets up anew what it shows.
			await page.waitForURL(/workflow\/(?!new)/);
			await element('canvas-add-button').or(element('node-creator-plus-button')).first().click();
			await element('node-creator-search-bar').waitFor();
		},
		async findNode(words, name) {
			const found = element('node-creator-item-name').filter({ hasText: name });
			if ((await found.count()) > 0) throw new Error(`“${name}” stands there before anything is searched`);
			await element('node-creator-search-bar').fill(words);
			await found.first().waitFor();
			return found.first();
		},
		async write(parameter, text) {
			await input(parameter).locator('input, textarea').first().fill(text);
			await hasTaken(parameter, text);
		},
		parameters: (node) => page.evaluate(`${shown}(${JSON.stringify(node)})`),
		hasTaken,
		async saveAccount() {
			await element('credential-save-button').click();
			await element('credential-edit-dialog').waitFor({ state: 'detached' });
		},
	};
}

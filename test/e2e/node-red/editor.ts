import type { Browser, Page } from 'playwright-core';

/** Node-RED's editor in a browser of its own, and what went wrong in it. */
export interface Editor {
	page: Page;
	faults: string[];
}

/**
 * Opens the editor and waits until it is ready for use.
 * @param width, height px of the window
 */
export async function openEditor(
	browser: Browser,
	url: string,
	{
		language,
		theme,
		width = 1400,
		height = 950,
	}: { language: string; theme: string; width?: number; height?: number },
): Promise<Editor> {
	const context = await browser.newContext({ viewport: { width, height } });
	await context.addInitScript(
		([lang, dark]) => {
			const { localStorage } = globalThis as unknown as {
				localStorage: { setItem(key: string, value: string): void };
			};
			localStorage.setItem('editor-language', lang!);
			localStorage.setItem('view-dark-theme', dark!);
		},
		[language, theme],
	);
	const page = await context.newPage();
	page.setDefaultTimeout(15_000);
	const faults: string[] = [];
	page.on('pageerror', (error) => faults.push(error.message));
	// The browser tells every refusal of a test as an error.
	page.on(
		'console',
		(message) =>
			message.type() === 'error' &&
			!/\(Unprocessable Entity\)/.test(message.text()) &&
			faults.push(message.text()),
	);
	// On a busy machine the editor's own scripts take their time.
	await page.goto(url, { timeout: 60_000 });
	await page.waitForFunction(
		`window.RED && RED.workspaces && RED.workspaces.active() && RED.nodes.version()
			&& !$('#red-ui-loading-progress').is(':visible') && !$('#red-ui-editor-shade').is(':visible')`,
	);
	return { page, faults };
}

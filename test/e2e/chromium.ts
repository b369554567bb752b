import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';

/** Where what the browser shows is kept. */
export const pictures = join(__dirname, '..', 'pictures');

/** The machine's own Chromium; it stays off the network. */
export async function startBrowser(): Promise<Browser> {
	mkdirSync(pictures, { recursive: true });
	const { chromium } = await import('playwright-core');
	return await chromium.launch({
		executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
		args: [
			...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
			...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
		],
	});
}

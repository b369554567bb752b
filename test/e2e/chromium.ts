import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserServer } from 'playwright-core';
import { shared } from './running';

/** Where what the browser shows is kept. */
export const pictures = join(__dirname, '..', 'pictures');

const options = {
	executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
	args: [
		...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
		...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
	],
};

/** A browser that files of tests connect to. */
export async function launchBrowser(): Promise<BrowserServer> {
	const { chromium } = await import('playwright-core');
	return await chromium.launchServer(options);
}

/** The machine's own Chromium, the one that is shared or one of its own; it stays off the network. */
export async function startBrowser(): Promise<Browser> {
	mkdirSync(pictures, { recursive: true });
	const { chromium } = await import('playwright-core');
	const one = shared()?.browser;
	return one ? await chromium.connect(one) : await chromium.launch(options);
}

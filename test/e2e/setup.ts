import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchBrowser } from './chromium';
import { logIn, pack, startProcess, userFolder } from './n8n/n8n';
import { running, share } from './running';

/** One n8n and one browser for all files of tests, since each takes its time to start. */
export default async function setup(): Promise<void> {
	const folder = mkdtempSync(join(tmpdir(), 'carillon-e2e-'));
	running.folders.push(folder);
	const browser = await launchBrowser();
	running.closing.push(() => browser.close());
	const home = await userFolder(await pack(folder));
	const log = join(folder, 'n8n.log');
	const n8n = await logIn(await startProcess(home, ['start'], {}, log));
	running.closing.push(() => n8n.close());
	share({ browser: browser.wsEndpoint(), n8n: { url: n8n.url, log } });
}

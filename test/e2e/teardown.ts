import { rmSync } from 'node:fs';
import { running } from './running';

export default async function teardown(): Promise<void> {
	for (const close of running.closing.splice(0).reverse()) await close();
	for (const folder of running.folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

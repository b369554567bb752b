/** A service on loopback in a process of its own, that says yes to everyone: what is measured is the sending side. */
import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

export interface Target {
	url: string;
	stop(): void;
}

export async function startTarget(): Promise<Target> {
	const child: ChildProcess = fork(join(__dirname, 'yes.cjs'), [], { execArgv: [] });
	const port = await new Promise<number>((resolve, reject) => {
		child.once('message', (message) => resolve(message as number));
		child.once('exit', (code) => reject(new Error(`the target ended with ${code}`)));
	});
	return { url: `http://127.0.0.1:${port}`, stop: () => child.kill() };
}

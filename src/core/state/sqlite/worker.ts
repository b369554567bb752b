/** The thread that writes. It is a file of its own in dist (`store-worker.js`). */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { isChannelError } from '../../base/errors';
import { notReadable } from '../failures';
import type { Opening } from './database';
import { sent, Writer, type Answer, type Asked, type SentError } from './writer';

/** To the thread. */
export type Request = { steps: Asked[] } | 'open' | 'close';
/** From it. `open` false: another process has the file. */
export type Reply = { answers: Answer[] } | { open: boolean } | { failed: SentError } | 'closed';

const port = parentPort!;
const opening = workerData as Opening;
const writer = new Writer(opening);
let waiting: Asked[] = [];
let isScheduled = false;

port.on('message', (request: Request) => {
	if (request === 'open') open();
	else if (request === 'close') close();
	else add(request.steps);
});

const say = (reply: Reply) => port.postMessage(reply);

function open(): void {
	try {
		say({ open: writer.open() });
	} catch (error) {
		say({ failed: sent(isChannelError(error) ? error : notReadable(opening.file, String(error))) });
	}
}

function add(steps: readonly Asked[]): void {
	waiting.push(...steps);
	if (isScheduled) return;
	isScheduled = true;
	// What comes in the same turn goes along.
	setImmediate(run);
}

function run(): void {
	isScheduled = false;
	let last: 'open' | 'close' | undefined;
	while (!last) {
		const more = receiveMessageOnPort(port) as { message: Request } | undefined;
		if (!more) break;
		if (typeof more.message === 'string') last = more.message;
		else waiting.push(...more.message.steps);
	}
	const steps = waiting;
	waiting = [];
	if (steps.length > 0) say({ answers: writer.run(steps) });
	if (last === 'open') open();
	else if (last === 'close') close();
}

function close(): void {
	run();
	writer.close();
	say('closed');
	port.close();
}

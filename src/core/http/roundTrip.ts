import { setImmediate } from 'node:timers';
import type { Dispatcher } from 'undici';
import { dispatcherOf, dispatcherOnce, limits } from './dispatchers';
import { ChannelError } from '../base/errors';
import type { Service } from './service';
import { named } from '../base/language';

let waiting: (() => void)[] = [];

/** All of one turn share one wake-up; what they begin does not throw. */
function atTurnsEnd(begin: () => void): void {
	if (waiting.push(begin) > 1) return;
	setImmediate(() => {
		const begun = waiting;
		waiting = [];
		for (const each of begun) each();
	});
}

export type Headers = Readonly<Record<string, string | string[] | undefined>>;

/**
 * One request, below undici's stream of the body: replies are small and wanted whole, and `started` tells
 * for certain whether anything was written.
 */
export class RoundTrip implements Dispatcher.DispatchHandler {
	private started = false;
	private status = 0;
	private headers: Headers = {};
	private readonly chunks: Buffer[] = [];
	private size = 0;
	private controller?: Dispatcher.DispatchController;
	private gone?: Error;

	constructor(
		private readonly service: Service,
		private readonly answered: (status: number, headers: Headers, text: string) => void,
		private readonly failed: (error: Error, started: boolean) => void,
	) {}

	/**
	 * Requests of one turn of the loop are written together: to wake a service for each of them takes longer than all
	 * that is done for it here.
	 * @param repeatable whether it may be sent twice
	 */
	run(options: Dispatcher.DispatchOptions & { origin: string }, repeatable: boolean): void {
		const { signal } = this.service;
		if (signal.aborted) return this.stop();
		signal.addEventListener('abort', this.stop);
		atTurnsEnd(() => {
			if (!this.gone) this.begin(options, repeatable);
		});
	}

	private begin(options: Dispatcher.DispatchOptions & { origin: string }, repeatable: boolean): void {
		const { account } = this.service;
		try {
			if (repeatable) dispatcherOf(account).dispatch(options, this);
			else {
				const { dispatcher, reset } = dispatcherOnce(account, options.origin);
				dispatcher.dispatch(reset ? { ...options, reset } : options, this);
			}
		} catch (error) {
			this.onResponseError(undefined, error as Error);
		}
	}

	private readonly stop = () => this.fail(this.service.signal.reason as Error);

	/** A connection in the making cannot be stopped, but need not be waited for; its request then ends before it starts. */
	private fail(reason: Error): void {
		this.gone = reason;
		this.controller?.abort(reason);
		this.onResponseError(this.controller, reason);
	}

	onRequestStart(controller: Dispatcher.DispatchController): void {
		this.controller = controller;
		if (this.gone) controller.abort(this.gone);
		else this.started = true;
	}

	onResponseStart(_: Dispatcher.DispatchController, status: number, headers: Headers): void {
		this.status = status;
		this.headers = headers;
	}

	onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
		this.size += chunk.length;
		if (this.size > limits.reply) this.fail(tooMuch(this.service));
		else this.chunks.push(chunk);
	}

	onResponseEnd(): void {
		this.service.signal.removeEventListener('abort', this.stop);
		this.answered(this.status, this.headers, this.text());
	}

	onResponseError(_: Dispatcher.DispatchController | undefined, error: Error): void {
		this.service.signal.removeEventListener('abort', this.stop);
		this.failed(error, this.started);
	}

	private text(): string {
		return this.chunks.length === 1 ? this.chunks[0]!.toString() : Buffer.concat(this.chunks).toString();
	}
}

function tooMuch({ name }: Service): ChannelError {
	return new ChannelError(
		'Unexpected',
		named(
			{
				en: '{name} answered with more than {mb} MB, which no notification service does. Check the base URL.',
				zh: '{name} 的应答超过 {mb} MB，不像是通知服务。请检查服务地址。',
			},
			name,
			{ mb: limits.reply / 1024 / 1024 },
		),
		{ unknown: true },
	);
}

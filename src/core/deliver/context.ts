import type { Clock } from '../base/clock';
import type { Deadline } from '../base/deadline';
import type { File } from '../define/channel';
import type { Account } from '../define/forms';
import type { Reaching } from './obtain/fetching';
import type { KeyValues } from '../state/store';
import type { KeptProgress, Progress } from './send/progress';

/** What a host knows and lends. */
export interface Context {
	/** Aborted when the host stops. */
	signal?: AbortSignal;
	/** Reads one of the host's own binary values (an n8n binary property) by name. */
	binary?(name: string): Promise<File>;
	/** Origins, hosts and networks that the user named: pictures may be fetched from private addresses there. */
	trustedOrigins?: readonly string[];
	/** What an earlier try of this very message has delivered already; filled while sending. Keep it to resume. One that outlives the process is told before anything is sent. */
	progress?: Progress | KeptProgress;
	/** Where it is remembered what was sent under which key, for messages that take the place of earlier ones; by default this process. */
	earlier?: KeyValues;
	/** What several processes of one host have in common: their turns and tokens, so that a service sees one sender. By default nothing. */
	shared?: KeyValues;
	/** Where channels keep what is to outlive the process (subscribers); by default this process, in vain. */
	lasting?: KeyValues;
	clock?: Clock;
}

/** Where pictures and files may come from. */
export class Reach implements Reaching {
	constructor(
		readonly account: Account,
		private readonly context: Context,
		private readonly deadline: Deadline,
	) {}

	get trustedOrigins(): readonly string[] {
		const { pictureOrigins = [] } = this.account;
		return [...(this.context.trustedOrigins ?? []), ...pictureOrigins];
	}

	get binary(): Context['binary'] {
		return this.context.binary;
	}

	get signal(): AbortSignal {
		return this.deadline.signal;
	}
}

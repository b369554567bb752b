import { closeConnections } from '../src/core/http/http';
import { service, type Answer, type Seen, type Service } from './service';

/** A fake service that each test of a file finds new. */
export interface Faked {
	readonly url: string;
	readonly requests: Seen[];
	/** Stands before its own judgement, for one test. */
	next?: Answer;
}

export function faked(answer: (request: Seen) => Answer | Promise<Answer>): Faked {
	let server: Service;
	const fake: Faked = {
		get url() {
			return server.url;
		},
		get requests() {
			return server.requests;
		},
	};
	beforeEach(async () => {
		delete fake.next;
		server = await service((request) => fake.next ?? answer(request));
	});
	afterEach(async () => {
		await closeConnections();
		await server.close();
	});
	return fake;
}

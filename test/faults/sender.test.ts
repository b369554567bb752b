import { killedSender } from '../core/deliver/send/killedSender';

/** `CARILLON_ROUNDS=200 npm run test:faults -- test/faults/sender` */
const rounds = Number(process.env.CARILLON_ROUNDS ?? 40);
const messages = rounds * 15;

test(
	`a sender is killed ${rounds} times: everything arrives, twice only what was in doubt`,
	async () => {
		const rung = await killedSender({ rounds, messages, repeatUnknown: true }, Math.random);
		expect(rung).toMatchObject({ missing: [], twice: [], givenUp: [] });
		expect(rung.doubtful).toBeGreaterThan(0);
	},
	rounds * 15_000,
);

test(
	'nothing arrives twice where that is not allowed, and what is missing was given up in doubt',
	async () => {
		const rung = await killedSender({ rounds, messages, repeatUnknown: false }, Math.random);
		expect(rung).toMatchObject({ missing: [], twice: [], doubled: 0 });
		expect(rung.givenUp.length).toBe(rung.doubtful);
	},
	rounds * 15_000,
);

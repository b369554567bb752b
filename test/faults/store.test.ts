import { killed } from '../core/state/killed';

/** `CARILLON_ROUNDS=200 npm run test:faults -- test/faults/store` */
const rounds = Number(process.env.CARILLON_ROUNDS ?? 40);

test(
	`a writer is killed ${rounds} times: what was acknowledged is there, once, and nothing is half done`,
	async () => {
		const { acknowledged, ...rest } = await killed(rounds, Math.random);
		expect(acknowledged).toBeGreaterThan(rounds);
		expect(rest).toEqual({ lost: [], twice: [], torn: false });
	},
	rounds * 15_000,
);

import { killed } from './killed';

test('a writer that is killed has acknowledged nothing that is not there, and leaves nothing half done', async () => {
	const { acknowledged, ...rest } = await killed(2, () => 0.5);
	expect(acknowledged).toBeGreaterThan(0);
	expect(rest).toEqual({ lost: [], twice: [], torn: false });
});

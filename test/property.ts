import fc from 'fast-check';

/**
 * fast-check with a fixed seed: what is green here is green everywhere. A failure prints its seed and the path to its
 * counterexample; `CARILLON_SEED=7` takes another seed, `npm run test:long` a hundred times the runs.
 */
fc.configureGlobal({ seed: Number(process.env.CARILLON_SEED ?? 20_260_101) });

export { fc };

export const isLong = process.env.CARILLON_LONG === '1';

/** How many runs a property gets: so many as a rule, and in the long run. */
export const runs = (usual: number, long = usual * 100) => (isLong ? long : usual);

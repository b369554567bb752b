import { memoryStore } from '../../../src/core/state/memory';

/** The stores of a Node-RED that has no folder to keep anything in: `jest.mock('…/stores', () => …)`. */
export const storesInMemory = (): object => ({
	...jest.requireActual<object>('../../../src/hosts/node-red/stores'),
	lastingOf: () => ({ ...memoryStore(), giveBack: () => Promise.resolve() }),
});

import { hash, randomUUID } from 'node:crypto';

/**
 * Ids of happenings, as events and messages carry them in `happening`: the same happening delivered again has the same
 * one, whichever process took it. They have a form of their own, so that nothing that came from outside under that name
 * is taken for one.
 */
const form = /^hp-[\w-]{22}$/;

export const isHappeningId = (value: unknown): value is string => typeof value === 'string' && form.test(value);

/** Of what names it. */
export const happeningIdOf = (...names: readonly (string | number)[]): string =>
	`hp-${hash('sha256', JSON.stringify(names), 'base64url').slice(0, 22)}`;

/** Of one that nothing names: no other has it. */
export const ownHappeningId = (): string => happeningIdOf(randomUUID());

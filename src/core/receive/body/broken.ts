import { Refusal } from '../../define/trigger';

/** What cannot be read, and why. */
export const broken = (en: string, zh: string) => new Refusal(400, { en, zh });

import { markdown } from './markdown';
import type { Printer } from '../printer';

/** ServerChan and PushPlus render CommonMark in a page of their own. */
export const serverChan: Printer = { ...markdown };

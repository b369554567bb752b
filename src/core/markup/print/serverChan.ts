import { markdown } from './markdown';
import { isAddress, markdownLink, type Printer } from '../printer';

/** ServerChan and PushPlus render CommonMark in a page of their own, where a relative address leads to nothing of the sender's. */
export const serverChan: Printer = {
	...markdown,
	link: (href) => (isAddress(href) ? markdownLink(href) : undefined),
};

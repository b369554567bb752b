import type { Language } from '../base/language';

/** Where the pages of `docs/` are read. */
export const pages = 'https://github.com/carillon-notify/n8n-nodes-carillon/blob/main/docs';

export type Kind = 'channel' | 'trigger' | 'flow' | 'sender' | 'account';

/** Below `docs/`; written by `npm run sync`. */
export const pagePath = (kind: Kind, id: string, language: Language) => `${language}/${kind}/${id}.md`;

/** The page of a node, which links to what its service says itself. */
export const pageOf = ({ type, id }: { type: Kind; id: string }, language: Language = 'en') =>
	`${pages}/${pagePath(type, id, language)}`;

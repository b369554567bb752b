/** What whoever sends to Discord's webhooks and whoever is taken for one have in common. */

/** `/api/webhooks/1/TOKEN`, with a version or as the addresses for Slack's and GitHub's bodies. */
export const webhookPath = /\/api\/(?:v\d{1,2}\/)?webhooks\/[^/]+\/([^/]+)(?:\/(?:slack|github))?\/?$/i;

/** Bits of a message's `flags`. */
export const flags = { suppressEmbeds: 1 << 2, suppressNotifications: 1 << 12, isComponentsV2: 1 << 15 } as const;

/** Kinds of components, by their numbers. */
export const component = { row: 1, button: 2, text: 10, gallery: 12, container: 17 } as const;
export const linkStyle = 5;

/** Codes of refusals that both sides know. */
export const codes = { emptyMessage: 50_006, invalidToken: 50_027 } as const;

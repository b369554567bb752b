import type { Icon, INodeTypeDescription } from 'n8n-workflow';

interface Definition {
	id: string;
	name: string;
	zh: string;
	docs: string;
	aliases?: readonly string[];
}

/** Names of n8n's own nodes that definitions here share; a test holds this list to the real n8n. */
const taken = new Set([
	'Telegram',
	'Telegram Trigger',
	'Webhook',
	'Discord',
	'Slack',
	'Gotify',
	'Pushover',
	'Pushbullet',
	'Mattermost',
	'Matrix',
	'Line',
	'Twilio',
	'Zulip',
	'RocketChat',
	'Google Chat',
	'Microsoft Teams',
	'Home Assistant',
	'MQTT',
	'Slack Trigger',
	'MQTT Trigger',
]);

export const displayName = ({ name }: { name: string }) => (taken.has(name) ? `${name} (Carillon)` : name);

export const capitalised = (id: string) => id.charAt(0).toUpperCase() + id.slice(1);

export const credentialType = (id: string) => `carillon${capitalised(id)}Api`;

/** What makes a node findable: the panel's search looks at its name and these. */
export const codex = ({ zh, docs, name, aliases = [] }: Definition): INodeTypeDescription['codex'] => ({
	categories: ['Communication'],
	alias: [...new Set(['Carillon', name, zh, ...aliases, 'Notification', '通知'])],
	resources: { primaryDocumentation: [{ url: docs }], credentialDocumentation: [{ url: docs }] },
});

/** Seen from `dist/nodes/X/`. */
export const nodeIcon = (id: string): Icon => `file:../../icons/${id}.svg`;

/** Seen from `dist/credentials/`. */
export const credentialIcon = (id: string): Icon => `file:../icons/${id}.svg`;

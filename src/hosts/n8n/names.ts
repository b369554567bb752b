import type { Icon, INodeTypeDescription } from 'n8n-workflow';
import { pageOf, type Kind } from '../../core/define/page';

interface Definition {
	type: Kind;
	id: string;
	name: string;
	zh: string;
	aliases?: readonly string[];
}

/** Names that n8n's own nodes for messaging have; a test holds every name here to all of the real n8n's. */
const taken = new Set(
	[
		'AWS SES, AWS SNS, AWS SNS Trigger, Brevo, Brevo Trigger, Discord, Discourse, Gmail, Gmail Trigger',
		'Google Chat, Gotify, Grafana, Home Assistant, Intercom, Line, LinkedIn, MQTT, MQTT Trigger, MSG91',
		'Mailgun, Mailjet, Mailjet Trigger, Mandrill, Matrix, Mattermost, MessageBird, Microsoft Outlook',
		'Microsoft Teams, Microsoft Teams Trigger, Mocean, PagerDuty, Plivo, Pushbullet, Pushcut, Pushcut Trigger',
		'Pushover, RabbitMQ, Redis, RocketChat, SIGNL4, Send Email, SendGrid, Slack, Slack Trigger, Telegram',
		'Telegram Trigger, Twilio, Twilio Trigger, Twist, UptimeRobot, Vonage, Webex by Cisco, Webhook',
		'WhatsApp Business Cloud, WhatsApp Trigger, Zoom, Zulip, seven',
	].flatMap((line) => line.split(', ')),
);

/** Within the brackets that a name has already. */
const branded = (name: string) => (name.endsWith(')') ? `${name.slice(0, -1)}, Carillon)` : `${name} (Carillon)`);

export const displayName = ({ name }: { name: string }) => (taken.has(name) ? branded(name) : name);

/** n8n calls a new one after it, with “account” in place of “API”. */
export const accountName = ({ name }: { name: string }) => `${branded(name)} API`;

export const capitalised = (id: string) => id.charAt(0).toUpperCase() + id.slice(1);

export const credentialType = (id: string) => `carillon${capitalised(id)}Api`;

/** The parameter that holds a field of an action. */
export const actionParameter = (action: string) => (key: string) => `${action}${capitalised(key)}`;

/** Of a parameter within a row of another. */
export const within = (rows: string) => (key: string) => `${rows}${capitalised(key)}`;

/** What people look for who know no service's name. */
const usual = ['Notify', 'Notification', '通知', 'Push', '推送', 'Message', '消息', 'Send', '发送'];

const asking = ['Approval', '审批', 'Human', 'Wait'];

/** What makes a node findable: the panel's search looks at its name and these. */
export const codex = (
	{ zh, name, aliases = [], ...rest }: Definition,
	asksPeople = false,
): INodeTypeDescription['codex'] => ({
	// Where n8n's panel has what asks a person.
	categories: asksPeople ? ['Communication', 'HITL'] : ['Communication'],
	...(asksPeople && { subcategories: { HITL: ['Human in the Loop'] } }),
	alias: [...new Set(['Carillon', name, zh, ...aliases, ...usual, ...(asksPeople ? asking : [])])],
	resources: { primaryDocumentation: [{ url: pageOf(rest) }], credentialDocumentation: [{ url: pageOf(rest) }] },
});

/** Seen from `dist/nodes/X/`. */
export const nodeIcon = (id: string): Icon => `file:../../icons/${id}.svg`;

/** Seen from `dist/credentials/`. */
export const credentialIcon = (id: string): Icon => `file:../icons/${id}.svg`;

import { accessBy } from '../../core/define/access';
import type { MediaEvent } from '../../core/message/event';
import { composeEventMessage } from '../../core/message/eventMessage';
import { namedInVain } from '../../core/message/templateNames';
import { atOnce, mostInTurn, type Turns } from '../../core/base/turns';
import { defineTrigger, Refusal, type Happening, type Received } from '../../core/define/trigger';
import { senders } from '../senders';
import type { DialectSender, Sender } from '../../core/define/sender';
import { checkKey, checkKeyIn, checkLogin, checkSignature } from './access';
import { bodyIn, dialectOf, inWordsOf, refusing } from './dialects';
import { account, options, type Here } from './form';
import { contextOf, happening, passes } from './happening';
import { decodeFor, likeliest, senderOf } from './recognition';

const mostBodies = 100;

export const webhookTrigger = defineTrigger({
	id: 'webhookTrigger',
	set: 'web',
	name: 'Webhook Trigger',
	zh: 'Webhook 触发器',
	docs: 'https://github.com/carillon-notify/n8n-nodes-carillon#webhook-trigger',
	description: {
		en: 'Media servers, download tools and scripts ring here: Emby, Jellyfin, Plex, Sonarr, Overseerr, BetterGI, Qinglong and what you send yourself',
		zh: '接收媒体服务器、下载工具与脚本的通知：Emby、Jellyfin、Plex、Sonarr、Overseerr、BetterGI、青龙，以及自定义请求',
	},
	aliases: senders.flatMap(({ name, zh }) => (name === zh ? [name] : [name, zh])),
	paths: ['/api/v1/webhook', '/api/v1/message/openSend'],
	panel: (senders as readonly Sender[]).flatMap(({ name, zh, where }) =>
		where ? [{ en: `${name}: ${where.en}`, zh: `${zh}：${where.zh}` }] : [],
	),
	samples: {
		by: 'sender',
		of: 'events',
		bodies: Object.fromEntries((senders as readonly Sender[]).map(({ id, samples }) => [id, samples])),
	},
	account,
	options,
	methods: ['GET', 'POST', 'PUT'],
	maxBytes: ({ maxSize }) => Math.floor(maxSize * 1024 * 1024),
	preview: {
		fields: ['titleTemplate', 'bodyTemplate', 'timeZone'],
		judge: (event, { titleTemplate, bodyTemplate, timeZone }, language) => {
			composeEventMessage(event as MediaEvent, { titleTemplate, bodyTemplate, timeZone, language });
			return [titleTemplate, bodyTemplate].flatMap((one) => namedInVain(one ?? ''));
		},
	},

	// A user name alone is no secret, and what is left of an account whose secrets are lost.
	access: (asked) => accessBy(account, asked.account, ['key', 'password', 'hmacSecret']),

	authorize(receiving) {
		const { request, account: given } = receiving;
		refusing(dialectOf(request, given.key), given.language, () => {
			checkKey(receiving);
			checkLogin(receiving);
		});
	},

	receive: (receiving) => atOnce(spoken(receiving)),
	receiveInTurns: spoken,
});

function* spoken(receiving: Here): Turns<Received> {
	const { request, account: given } = receiving;
	const by = dialectOf(request, given.key);
	try {
		return yield* received(receiving, by);
	} catch (thrown) {
		throw inWordsOf(by, given.language, thrown);
	}
}

function* received(receiving: Here, by: DialectSender | undefined): Turns<Received> {
	const {
		request,
		account: { key },
	} = receiving;
	checkSignature(receiving);
	const decoded = yield* decodeFor(receiving, by);
	// Files are looked at by nobody.
	const files = decoded.files.reduce((sum, { data }) => sum + data.byteLength, 0);
	const isLarge = request.body.byteLength - files > mostInTurn;
	const value = by ? bodyIn(by, decoded, request, key) : decoded.value;
	checkKeyIn(value, receiving);
	const context = contextOf(decoded, receiving);
	const asked = senderOf({ ...decoded, value }, receiving, by);
	const isSpoken = asked === by;
	const sender = isSpoken || !by ? asked : senderOf(decoded, receiving);
	const said = isSpoken ? value : decoded.value;
	const bodies: readonly unknown[] = Array.isArray(said) && said.length ? said : [said];
	if (bodies.length > mostBodies) {
		throw new Refusal(413, {
			en: `The body is a list of ${bodies.length}; at most ${mostBodies} are taken at once.`,
			zh: `请求正文是含 ${bodies.length} 项的列表，一次最多接受 ${mostBodies} 项。`,
		});
	}
	// In a list, each is whoever's it looks like.
	const senderIn = (body: unknown) =>
		(receiving.options.sender === 'auto' && bodies.length > 1 ? likeliest(body, request) : undefined) ?? sender;
	const events: Happening[] = [];
	for (const body of bodies) {
		if (isLarge) yield;
		const from = senderIn(body);
		const readings = from.readInTurns ? yield* from.readInTurns(body, context) : from.read(body, context);
		if (isLarge) yield;
		for (const reading of readings)
			if (passes(reading.event, receiving.options)) events.push(happening(reading, receiving, context));
	}
	if (isSpoken) return { events, reply: by!.dialect.accepted(said, context) };
	const { reply } = (senders as readonly Sender[]).find(({ answersAt }) => answersAt?.test(request.path)) ?? sender;
	return { events, ...(reply && { reply }) };
}

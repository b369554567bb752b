import { shownLink } from '../../core/base/shownLink';
import type { Language } from '../../core/base/language';
import type { Button, Level } from '../../core/message/message';
import { inWords } from '../../core/message/readable';
import { levelOf } from '../../core/message/synonyms';
import { note } from '../../core/receive/note';
import { said } from '../../core/receive/said';
import {
	entry,
	isRecord,
	isoTime,
	items,
	picture,
	present,
	record,
	text,
	type Loose,
} from '../../core/receive/reading';
import { defineSender, type Context, type Reading } from '../../core/define/sender';

const isItsName = (value: unknown) => /^home[-_ ]?assistant$/i.test(text(value) ?? '');

/** What its apps do in place of showing it. */
const commands =
	/^(?:clear_notification|clear_badge|remove_channel|request_location_update|update_complications|command_\w+)$/;

const door = {
	entity_id: 'binary_sensor.front_door',
	state: 'on',
	attributes: { friendly_name: 'Front door', device_class: 'door' },
	last_changed: '2026-01-02T19:30:00+00:00',
};

/** Its `notify` over REST and `rest_command`, which send what their user writes; its events and triggers as they are. */
export const homeAssistant = defineSender({
	id: 'homeAssistant',
	name: 'Home Assistant',
	zh: 'Home Assistant',
	where: {
		en: 'configuration.yaml, as below; then notify.carillon in any automation',
		zh: 'configuration.yaml，如下；之后在任意自动化中使用 notify.carillon',
	},
	paste: [
		{
			into: { en: 'A notifier, with title, picture and link', zh: '通知服务，含标题、图片与链接' },
			as: 'yaml',
			text: [
				'notify:',
				'  - name: carillon',
				'    platform: rest',
				'    resource: https://HOST/PATH?apiKey=KEY',
				'    method: POST_JSON',
				'    title_param_name: title',
				'    data:',
				'      source: home-assistant',
				'      image: "{{ data.image if data else \'\' }}"',
				'      url: "{{ data.url if data else \'\' }}"',
				'      level: "{{ data.level if data else \'\' }}"',
			].join('\n'),
		},
		{
			into: { en: 'A command that sends whatever triggered an automation', zh: '发送自动化触发内容的命令' },
			as: 'yaml',
			text: [
				'rest_command:',
				'  carillon:',
				'    url: https://HOST/PATH?apiKey=KEY',
				'    method: post',
				'    content_type: application/json',
				'    payload: \'{"source": "home-assistant", "trigger": {{ trigger | to_json }}}\'',
			].join('\n'),
		},
	],
	tells: ['message', 'system.notice'],
	samples: {
		message: {
			source: 'home-assistant',
			title: 'Front door',
			message: 'The front door has been open for 10 minutes.',
			image: '',
			url: 'https://home.example.com/lovelace/doors',
			level: 'warning',
		},
		'system.notice': {
			event_type: 'state_changed',
			data: { entity_id: door.entity_id, old_state: { ...door, state: 'off' }, new_state: door },
			origin: 'LOCAL',
			time_fired: '2026-01-02T19:30:00+00:00',
			context: { id: '01J0', parent_id: null, user_id: null },
		},
	},
	hint: /home-?assistant/i,

	recognise(body, { headers }) {
		if (!isRecord(body)) return 0;
		if (isItsName(body.source) && ('message' in body || isRecord(body.trigger) || 'event_type' in body)) return 1;
		if (isEvent(body) || isTrigger(body) || (isRecord(body.trigger) && isTrigger(body.trigger))) return 1;
		// Its own client says so; what it sends is what its user writes.
		return /^HomeAssistant\//i.test(headers['user-agent'] ?? '') && text(body.message) !== undefined ? 0.2 : 0;
	},

	read(body, context) {
		const given = record(body);
		if (isEvent(given))
			return [changed(record(given.data), text(given.event_type)!, isoTime(given.time_fired), body, context)];
		const trigger = isTrigger(given) ? given : given.trigger;
		if (isRecord(trigger))
			return [
				changed(
					{ ...trigger, old_state: trigger.from_state, new_state: trigger.to_state },
					text(trigger.platform) ?? 'trigger',
					isoTime(record(trigger.to_state).last_changed),
					body,
					context,
					said(given.title),
				),
			];
		const message = text(given.message);
		if (message !== undefined && commands.test(message)) return [];
		const data = record(given.data);
		const push = record(data.push);
		const urgent = text(push['interruption-level'], data.importance)?.toLowerCase() ?? '';
		const buttons = items(data.actions).map(record).flatMap(buttonOf);
		return [
			note(
				present({
					source: 'homeAssistant',
					quotes: true,
					rawType: 'notify',
					title: said(given.title) ?? (message === undefined ? 'Home Assistant' : undefined),
					body: [said(data.subtitle, data.subject), message].filter(Boolean).join('\n\n'),
					level: levelOf(text(given.level, data.level)) ?? entry(urgency, urgent),
					image: picture(text(given.image, data.image, record(data.attachment).url)),
					url: shownLink(given.url, data.url, data.clickAction),
					...(buttons.length > 0 && { buttons }),
					...(urgent === 'passive' && { silent: true }),
					raw: body,
				}),
				context,
			),
		];
	},
});

const urgency: Readonly<Record<string, Level>> = { critical: 'failure', 'time-sensitive': 'warning', high: 'warning' };

const isEvent = (body: Loose) =>
	text(body.event_type) !== undefined && isRecord(body.data) && 'time_fired' in body && 'origin' in body;

/** A state is what it is because of one of these. */
const isTrigger = (body: Loose) =>
	text(body.platform) !== undefined && text(body.entity_id) !== undefined && isRecord(body.to_state);

function buttonOf({ title, uri, action }: Loose): Button[] {
	const label = said(title);
	const url = shownLink(uri);
	const value = said(action);
	return label ? [{ text: label, ...(url ? { url } : value && value !== 'URI' && { value }) }] : [];
}

/** An entity's new state; of another event, what it is called and the plain values of its data. */
function changed(
	data: Loose,
	rawType: string,
	time: string | undefined,
	raw: unknown,
	context: Context,
	title?: string,
): Reading {
	const { language } = context;
	const [before, after] = [record(data.old_state), record(data.new_state)];
	const attributes = record(after.attributes);
	const entity = text(data.entity_id, after.entity_id) ?? '';
	const name = said(attributes.friendly_name, data.name) ?? inWords(entity.replace(/^\w+\./, ''));
	const state = (of: Loose) => stateIn(of, language, text(attributes.device_class) ?? '');
	const [was, is] = [state(before), state(after)];
	const isState = is !== undefined;
	const rows = Object.entries(data).filter(
		([key, value]) =>
			!isState &&
			!['id', 'idx', 'entity_id', 'platform', 'name', 'description'].includes(key) &&
			said(value) !== undefined,
	);
	const own = was === undefined || was === is ? is : `${was} → ${is}`;
	return note(
		present({
			source: 'homeAssistant',
			quotes: true,
			type: 'system.notice',
			rawType,
			level: /^(?:unavailable|unknown)$/.test(text(after.state) ?? '') ? 'warning' : 'info',
			title: title ?? (isState ? `🏠 ${name}` : `🏠 ${name || inWords(rawType)}`),
			body: [isState ? own : inWords(rawType), said(data.description)].filter(Boolean).join('\n'),
			...(rows.length > 0 && {
				fields: rows
					.slice(0, 20)
					.map(([key, value]) => ({ name: inWords(key), value: said(value)!, short: true })),
			}),
			image: picture(text(attributes.entity_picture)),
			time,
			raw,
		}),
		context,
	);
}

/** How it is shown there: by what a sensor is for. */
const states: Readonly<Record<string, readonly [on: readonly [string, string], off: readonly [string, string]]>> = {
	door: [['open', '打开'], ['closed', '关闭']],
	window: [['open', '打开'], ['closed', '关闭']],
	garage_door: [['open', '打开'], ['closed', '关闭']],
	opening: [['open', '打开'], ['closed', '关闭']],
	motion: [['motion', '有人移动'], ['clear', '无人']],
	occupancy: [['occupied', '有人'], ['clear', '无人']],
	smoke: [['smoke', '检测到烟雾'], ['clear', '正常']],
	gas: [['gas', '检测到燃气'], ['clear', '正常']],
	moisture: [['wet', '漏水'], ['dry', '干燥']],
	connectivity: [['connected', '已连接'], ['disconnected', '已断开']],
	problem: [['problem', '异常'], ['ok', '正常']],
	battery: [['low', '电量低'], ['normal', '正常']],
	'': [['on', '开'], ['off', '关']],
}; // prettier-ignore

const words: Readonly<Record<string, string>> = {
	home: '在家',
	not_home: '离家',
	open: '打开',
	closed: '关闭',
	locked: '已上锁',
	unlocked: '已解锁',
	unavailable: '不可用',
	unknown: '状态未知',
	idle: '空闲',
	playing: '播放中',
	paused: '已暂停',
};

function stateIn(of: Loose, language: Language, kind: string): string | undefined {
	const state = text(of.state);
	if (state === undefined) return undefined;
	const at = language === 'zh' ? 1 : 0;
	const [on, off] = entry(states, kind) ?? states['']!;
	if (state === 'on') return on[at];
	if (state === 'off') return off[at];
	const unit = said(record(of.attributes).unit_of_measurement);
	if (language === 'zh' && Object.hasOwn(words, state)) return words[state];
	return `${/^(?:unavailable|unknown|not_home)$/.test(state) ? (state === 'unknown' ? 'no state' : state.replace('_', ' ')) : state}${unit ? ` ${unit}` : ''}`;
}

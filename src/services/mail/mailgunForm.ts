import { choice, list, multiline, text, toggle, type File, type Values } from '../../core/define/channel';
import { type Mail } from './compose';
import { mailOptions } from './options';
import { imageCid } from './content';
import { bareAddress } from './headers';
import { recipientVariables, variablesByRecipient } from './recipientVariables';
import { variables, variablesOf } from '../../core/define/fields/variables';

const yesNo = { default: ['As the domain', '按域名设置'], yes: ['Yes', '是'], no: ['No', '否'] } as const;

export const mailgunOptions = {
	...mailOptions,
	tags: list('Tags', {
		zh: '标签',
		optional: true,
		help: { en: 'For Mailgun’s statistics', zh: '用于 Mailgun 统计' },
	}),
	deliveryTime: text('Deliver at', {
		zh: '投递时间',
		optional: true,
		placeholder: '2026-01-31T08:00:00Z',
		help: { en: 'Up to three days ahead, more on some plans', zh: '最多提前三天，部分套餐更长' },
		check: (value) => (Number.isNaN(Date.parse(value)) ? { en: 'must be a time', zh: '必须是时间' } : undefined),
	}),
	tracking: choice('Tracking', yesNo, { zh: '跟踪', default: 'default' }),
	trackingOpens: choice('Track opens', yesNo, { zh: '跟踪打开', default: 'default' }),
	trackingClicks: choice(
		'Track clicks',
		{ ...yesNo, htmlonly: ['In HTML only', '仅 HTML'] },
		{ zh: '跟踪点击', default: 'default' },
	),
	dkim: choice('DKIM signature', yesNo, { zh: 'DKIM 签名', default: 'default' }),
	requireTls: toggle('Require TLS', { zh: '强制 TLS 投递' }),
	skipVerification: toggle('Skip verification of certificates', { zh: '投递时不校验证书' }),
	testMode: toggle('Test mode', {
		zh: '测试模式',
		help: { en: 'Mailgun takes it and delivers nothing', zh: 'Mailgun 接收但不投递' },
	}),
	sendingIp: text('Sending IP', { zh: '发信 IP', optional: true }),
	sendingIpPool: text('IP pool', { zh: 'IP 池', optional: true }),
	ampHtml: multiline('AMP', { zh: 'AMP 内容', optional: true }),
	template: text('Template', {
		zh: '模板',
		optional: true,
		help: { en: 'Of Mailgun; takes the place of the HTML', zh: 'Mailgun 中的模板，替代 HTML 正文' },
	}),
	templateVersion: text('Template version', { zh: '模板版本', optional: true }),
	templateText: toggle('Text from the template', { zh: '由模板生成纯文本' }),
	templateVariables: variables('Template variables', {
		zh: '模板变量',
		help: { en: 'Of the template, by the names that stand in it', zh: '模板中使用的变量' },
	}),
	variables: variables('Variables', {
		zh: '自定义变量',
		help: { en: 'They come back with Mailgun’s events', zh: '随 Mailgun 事件返回' },
	}),
	recipientVariables,
};

type Options = Values<typeof mailgunOptions>;
type Part = readonly [name: string, value: string | { name: string; mime: string; data: Uint8Array }];

export function partsOf(mail: Mail, options: Options): Part[] {
	const everyone = [...mail.to, ...mail.cc, ...mail.bcc];
	// With variables for each, Mailgun makes a mail of his own for each.
	const apart = options.separately || options.recipientVariables.length > 0;
	const ofRecipients = {
		...Object.fromEntries(everyone.map((address) => [bareAddress(address), {}])),
		...variablesByRecipient(options.recipientVariables),
	};
	const template = options.template !== undefined;
	const texts: [string, string | undefined][] = [
		['from', mail.from],
		...each('to', apart ? everyone : mail.to),
		...each('cc', apart ? [] : mail.cc),
		...each('bcc', apart ? [] : mail.bcc),
		['subject', mail.subject],
		['text', mail.text],
		['html', template ? undefined : mail.html],
		['amp-html', options.ampHtml],
		['h:Reply-To', mail.replyTo],
		...Object.entries(mail.headers).map(([name, value]): [string, string] => [`h:${name}`, value]),
		['recipient-variables', apart ? JSON.stringify(ofRecipients) : undefined],
		['template', options.template],
		['t:version', template ? options.templateVersion : undefined],
		['t:text', yes(template && options.templateText)],
		['t:variables', template ? JSON.stringify(variablesOf(options.templateVariables)) : undefined],
		...each('o:tag', options.tags),
		[
			'o:deliverytime',
			options.deliveryTime && new Date(options.deliveryTime).toUTCString().replace('GMT', '+0000'),
		],
		['o:tracking', chosen(options.tracking)],
		['o:tracking-opens', chosen(options.trackingOpens)],
		['o:tracking-clicks', chosen(options.trackingClicks)],
		['o:dkim', chosen(options.dkim)],
		['o:require-tls', yes(options.requireTls)],
		['o:skip-verification', yes(options.skipVerification)],
		['o:testmode', yes(options.testMode)],
		['o:sending-ip', options.sendingIp],
		['o:sending-ip-pool', options.sendingIpPool],
		...Object.entries(variablesOf(options.variables) ?? {}).map(([name, value]): [string, string] => [
			`v:${name}`,
			typeof value === 'string' ? value : JSON.stringify(value),
		]),
	];
	const file = ({ name, mime, data }: File) => ({ name, mime, data: data! });
	return [
		...texts.filter((pair): pair is [string, string] => pair[1] !== undefined),
		// Mailgun makes the content id of a picture from its file name.
		...(mail.inline ? [['inline', { ...file(mail.inline), name: imageCid }] as const] : []),
		...mail.files.map(
			(given) => [mail.html?.includes(`cid:${given.name}"`) ? 'inline' : 'attachment', file(given)] as const,
		),
	];
}

const each = (name: string, values: readonly string[]) => values.map((value): [string, string] => [name, value]);
const yes = (on: boolean) => (on ? 'yes' : undefined);
const chosen = (value: string) => (value === 'default' ? undefined : value);

import { choice, list, text, toggle, type Values } from '../../core/define/channel';
import { named } from '../../core/define/fields/named';

/** What a mail may have whoever carries it. */
export const mailOptions = {
	cc: list('Cc', { zh: '抄送', optional: true, placeholder: 'ann@example.com' }),
	bcc: list('Bcc', { zh: '密送', optional: true, placeholder: 'ann@example.com' }),
	separately: toggle('One mail for each recipient', {
		zh: '逐个收件人单独发送',
		help: { en: 'Nobody sees who else got it', zh: '收件人之间互不可见' },
	}),
	from: text('From', { zh: '发件人', optional: true, placeholder: 'Carillon <me@example.com>' }),
	replyTo: text('Reply to', { zh: '回复地址', optional: true, placeholder: 'team@example.com' }),
	format: choice(
		'Sent as',
		{ html: ['HTML with text alternative', 'HTML（附纯文本）'], text: ['Text only', '仅纯文本'] },
		{ zh: '发送格式', default: 'html' },
	),
	image: choice(
		'Picture goes',
		{ inline: ['In the text', '嵌入正文'], attachment: ['As an attachment', '作为附件'] },
		{ zh: '图片方式', default: 'inline', show: { format: ['html'] } },
	),
	priority: choice(
		'Priority',
		{
			level: ['By level: a failure is high', '按级别：失败为高'],
			high: ['High', '高'],
			normal: ['Normal', '普通'],
			low: ['Low', '低'],
		},
		{ zh: '优先级', default: 'level' },
	),
	threadByKey: toggle('Thread by key', {
		zh: '按 key 归为同一会话',
		help: { en: 'Mails with the same key stand in one conversation', zh: 'key 相同的邮件归入同一会话' },
	}),
	inReplyTo: text('In reply to', {
		zh: '回复的邮件',
		optional: true,
		placeholder: '<id@example.com>',
		help: { en: 'Message-ID, as in an earlier receipt’s handle', zh: 'Message-ID，可取自之前回执的 handle' },
	}),
	references: list('References', { zh: '引用的邮件', optional: true, placeholder: '<id@example.com>' }),
	unsubscribe: text('Unsubscribe', {
		zh: '退订',
		optional: true,
		placeholder: 'https://example.com/off, off@example.com',
		help: { en: 'Becomes List-Unsubscribe', zh: '写入 List-Unsubscribe' },
	}),
	autoSubmitted: toggle('Mark as automatic', {
		zh: '标记为自动发送',
		default: true,
		help: {
			en: 'Auto-Submitted, so that no out-of-office answers come',
			zh: '写入 Auto-Submitted，避免触发自动回复',
		},
	}),
	headers: named('More headers', {
		zh: '更多邮件头',
		row: { en: 'Header', zh: '邮件头' },
		placeholder: 'X-Source',
	}),
};

export type MailOptions = Values<typeof mailOptions>;

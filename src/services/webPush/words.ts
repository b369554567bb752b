import type { Text } from '../../core/base/language';

/** What the page says. */
export const words = {
	title: { en: 'Carillon notifications', zh: 'Carillon 通知' },
	intro: {
		en: 'Allow notifications, and this browser is told what happens, also while this page is closed.',
		zh: '允许通知后，即使关闭本页面，此浏览器也会收到通知。',
	},
	name: { en: 'Your name', zh: '你的名称' },
	tags: { en: 'Tags, between commas', zh: '标签，以逗号分隔' },
	tagsExample: { en: 'family, night', zh: '家人, 夜间' },
	allow: { en: 'Allow notifications', zh: '允许通知' },
	save: { en: 'Save', zh: '保存' },
	test: { en: 'Send me a test', zh: '发送测试' },
	stop: { en: 'Stop notifications', zh: '停止通知' },
	install: { en: 'Install', zh: '安装' },
	last: { en: 'Last messages', zh: '最近消息' },
	none: { en: 'None on this device yet.', zh: '此设备上还没有消息。' },
	allowed: { en: 'Done: notifications arrive in this browser.', zh: '完成：此浏览器将收到通知。' },
	stopped: { en: 'Stopped: nothing is sent to this browser any more.', zh: '已停止：不再向此浏览器发送通知。' },
	testing: { en: 'A test is on its way.', zh: '测试通知已发出。' },
	pressed: { en: 'Told.', zh: '已送达。' },
	failed: { en: 'This did not work.', zh: '操作失败。' },
	denied: {
		en: 'Notifications are blocked for this page: allow them in the browser’s settings of the site, then load it again.',
		zh: '此页面的通知已被阻止：请在浏览器的网站设置中允许，然后重新加载。',
	},
	insecure: {
		en: 'Browsers allow notifications on https:// pages alone (and on localhost): open this page by https.',
		zh: '浏览器只允许 https:// 页面（及 localhost）发送通知：请通过 https 打开本页面。',
	},
	apple: {
		en: 'On iPhone and iPad (iOS 16.4 or later) notifications go to installed pages alone: tap Share, then “Add to Home Screen”, and open Carillon from there.',
		zh: '在 iPhone 与 iPad 上（需 iOS 16.4 及以上），只有安装到主屏幕的页面才能接收通知：请点“分享”→“添加到主屏幕”，再从主屏幕打开 Carillon。',
	},
	unsupported: {
		en: 'This browser has no push service: try Chrome, Edge, Firefox or Safari, not in a private window.',
		zh: '此浏览器没有推送服务：请使用 Chrome、Edge、Firefox 或 Safari，且不要使用无痕窗口。',
	},
	locked: {
		en: 'This page opens with the page key of the Web Push account.',
		zh: '打开此页面需要“浏览器推送”账号中的页面密钥。',
	},
	key: { en: 'Page key', zh: '页面密钥' },
	open: { en: 'Open', zh: '打开' },
} satisfies Record<string, Text>;

import { choice, invalid, rows, text, type Json, type Values } from '../../core/define/channel';

const fields = {
	name: text('Name', { zh: '名称' }),
	does: choice(
		'When pressed',
		{
			click: ['Tells the trigger', '通知触发器'],
			view: ['Opens a link', '打开链接'],
			scancode_push: ['Scans a code', '扫码'],
			scancode_waitmsg: ['Scans a code, and waits', '扫码并等待'],
			pic_sysphoto: ['Takes a photo', '拍照'],
			pic_photo_or_album: ['Sends a photo', '拍照或相册'],
			pic_weixin: ['Sends from the album', '相册'],
			location_select: ['Sends a place', '选择位置'],
		},
		{ zh: '按下时', default: 'click' },
	),
	data: text('Key or link', {
		zh: '键或链接',
		optional: true,
		help: {
			en: 'What the trigger gets, or the link; empty on one that has others under it',
			zh: '触发器收到的键或要打开的链接；带有子按钮时留空',
		},
	}),
	under: text('Under', {
		zh: '上级',
		optional: true,
		help: { en: 'The name of the button that it stands under', zh: '所属一级按钮的名称' },
	}),
};

export const menuButtons = rows('Buttons', fields, {
	zh: '按钮',
	row: { en: 'Button', zh: '按钮' },
	optional: true,
	help: { en: '1 to 3, each with up to 5 under it', zh: '1 到 3 个，每个最多带 5 个子按钮' },
});

/** As WeCom has it. @throws ChannelError `Invalid` */
export function menuOf(buttons: readonly Values<typeof fields>[]): Json {
	if (buttons.length === 0) throw invalid('buttons', { en: 'Fill in “Buttons”.', zh: '请填写“按钮”。' });
	const names = new Set(buttons.filter(({ under }) => under === undefined).map(({ name }) => name));
	const lost = buttons.find(({ under }) => under !== undefined && !names.has(under));
	if (lost)
		throw invalid('buttons', {
			en: `“${lost.name}” stands under “${lost.under}”, which is no button of the menu itself.`,
			zh: `“${lost.name}”的上级“${lost.under}”不是一级按钮。`,
		});
	return buttons
		.filter(({ under }) => under === undefined)
		.map((button): Json => {
			const below = buttons.filter(({ under }) => under === button.name);
			return below.length > 0 ? { name: button.name, sub_button: below.map(buttonOf) } : buttonOf(button);
		});
}

function buttonOf({ name, does, data }: Values<typeof fields>): Json {
	if (data === undefined)
		throw invalid('buttons', {
			en: `Fill in “Key or link” of the button “${name}”.`,
			zh: `请填写按钮“${name}”的“键或链接”。`,
		});
	return { type: does, name, ...(does === 'view' ? { url: data } : { key: data }) };
}

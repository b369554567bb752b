import { access } from '../access';
import { secret } from '../channel';

/** Of services that sign nothing: a key in the address that they call keeps others out. */
export const callbacks = () => ({
	access: access(
		['Who may call the trigger', '谁可以调用触发器'],
		['Who has the callback key', '持有回调密钥者'],
		['Open to everybody who knows the address', '开放：任何知道地址的人'],
	),
	callbackKey: secret('Callback key', {
		zh: '回调密钥',
		optional: true,
		show: { access: ['checked'] },
		help: {
			en: 'Only for receiving: make one up, and put ?key=… behind the trigger’s address',
			zh: '仅用于接收：自拟一个，并在触发器地址后加上 ?key=…',
		},
	}),
});

import { secret } from '../../core/channel';

/** Of services that sign nothing: a key in the address that they call keeps others out. */
export const callbackKey = () =>
	secret('Callback key', {
		zh: '回调密钥',
		optional: true,
		help: {
			en: 'Only for receiving: make one up, and put ?key=… behind the trigger’s address. Without it everybody who knows the address may send',
			zh: '仅用于接收：自拟一个，并在触发器地址后加上 ?key=…。不设置时任何知道地址的人都能发送',
		},
	});

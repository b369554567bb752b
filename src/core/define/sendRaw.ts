import { action, json, type Call, type Fields, type Json } from './channel';
import type { VendorJson } from '../http/http';
import type { Text } from '../base/language';

/** The action for what Carillon has no words for: a message as the service itself writes it. */
export const sendRaw = <A extends Fields>(
	description: Text,
	placeholder: string,
	post: (call: Call<A>, message: Json) => Promise<VendorJson>,
) =>
	action<A>()({
		name: 'Send Raw',
		zh: '发送原始消息',
		description,
		fields: { body: json('Message', { zh: '消息', placeholder }) },
		run: (call) => post(call, call.input.body),
	});

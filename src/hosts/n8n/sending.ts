import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { Unobtainable } from '../../core/deliver/obtain/fetching';
import type { Raw } from '../../core/deliver/deliver';
import type { Channel, File } from '../../core/define/channel';
import { compose } from '../../core/message/compose';
import type { Message } from '../../core/message/message';
import { invalid } from '../../core/base/errors';
import type { Language } from '../../core/base/language';
import { collections, neededOf, wholeMessage } from './channel-form';
import { jsonOf, stored } from './rows';

/** What a channel's node says for one item: its own options, and the message. */
export function sending(
	host: IExecuteFunctions,
	channel: Channel,
	index: number,
	language: Language,
): [options: Raw, message: Message] {
	const parameter = (name: string) => host.getNodeParameter(name, index, '') as unknown;
	const [parts, own] = [collections.parts, collections.options].map(
		(name) => host.getNodeParameter(name, index, {}) as IDataObject,
	) as [IDataObject, IDataObject];
	const onForm = new Set(Object.keys(neededOf(channel)).flatMap((key) => [key, jsonOf(key)]));
	const options = {
		...stored(channel.options, (key) => (onForm.has(key) ? parameter(key) : own[key])),
		...(channel.to && { to: parameter('to') }),
	};
	const more = stored(channel.parts, (key) => parts[key]);
	const incoming = wholeMessage in parts ? parsed(parts[wholeMessage]) : host.getInputData()[index]?.json;
	const message = compose(
		{ title: parameter('title'), body: parameter('message'), format: parameter('format'), language, more },
		incoming,
	);
	return [options, message];
}

/** n8n gives the content of a JSON field as it was typed, and that of an expression as it is. */
function parsed(value: unknown): unknown {
	if (typeof value !== 'string') return value;
	try {
		return value.trim() === '' ? undefined : JSON.parse(value);
	} catch {
		throw invalid(wholeMessage, { en: '“Whole message” is not valid JSON.', zh: '“整条消息”不是有效的 JSON。' });
	}
}

/** @throws Unobtainable where the item, or n8n, does not have it */
export async function binaryOf(host: IExecuteFunctions, index: number, name: string): Promise<File> {
	if (!host.getInputData()[index]?.binary?.[name]) {
		throw new Unobtainable({
			en: `The item has no binary property “${name}”, so this went without it.`,
			zh: `该条目没有名为“${name}”的二进制属性，因此未附带。`,
		});
	}
	const { fileName, mimeType } = host.helpers.assertBinaryData(index, name);
	try {
		const data = await host.helpers.getBinaryDataBuffer(index, name);
		return { name: fileName ?? name, mime: mimeType, data };
	} catch (error) {
		host.logger.warn(`${host.getNode().name}: ${(error as Error).message}`);
		throw new Unobtainable({
			en: `n8n could not read the binary property “${name}”, so this went without it. In queue mode all processes of n8n must share one storage for binary data, such as the database.`,
			zh: `n8n 无法读取二进制属性“${name}”，因此未附带。在队列模式下，n8n 的所有进程须共用同一处二进制数据存储，例如数据库。`,
		});
	}
}

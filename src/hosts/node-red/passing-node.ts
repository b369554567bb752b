import { isChannelError, seal } from '../../core/base/errors';
import { fill, type Language, type Text } from '../../core/base/language';
import { commandIn, valuesOf, type Given, type Passing } from '../../core/define/passing';
import type { FlowValues } from '../../core/define/flow';
import { Unobtainable } from '../../core/deliver/obtain/fetching';
import type { Attachment, Message } from '../../core/message/message';
import { bytesAt, legible, lookedAt, toldIn } from './incoming';
import { offerImport } from './flow/import-route';
import { flowProperties, typeOf, type Property } from './properties';
import type { Config, Msg, Node, Red } from './red';
import { showFailed, showNothing } from './status';
import { evaluate } from './typed';

/** The set of a node that remembers nothing. */
export function passingSet(passing: Passing) {
	return (RED: Red): void => {
		const properties = flowProperties(passing);
		if (passing.imports) offerImport(RED, passing);
		RED.nodes.registerType(typeOf(passing.id), function (config) {
			RED.nodes.createNode(this, config);
			start(RED, this, config, passing, properties);
		});
	};
}

function start(RED: Red, node: Node, config: Config, passing: Passing, properties: readonly Property[]): void {
	const language: Language = config.language === 'zh' ? 'zh' : 'en';
	const warn = (text: Text) => node.warn(text[language]);
	const failed = (thrown: unknown): Error => {
		const error = isChannelError(thrown) ? seal(thrown, language, (text) => text) : (thrown as Error);
		showFailed(node, error.message);
		return error;
	};
	const isEach = properties.some(({ typed }) => typed);
	const valuesFor = (given: Readonly<Record<string, unknown>>): FlowValues =>
		valuesOf(passing, Object.fromEntries(properties.map(({ name, key }) => [key, given[name]])));
	/** Of one that says the same whatever comes in. */
	let values: FlowValues | undefined;
	let fault: Error | undefined;
	if (!isEach) {
		try {
			values = valuesFor(config);
		} catch (thrown) {
			fault = failed(thrown);
			node.error(fault.message);
		}
	}
	if (!fault) showNothing(node);

	async function pass(msg: Msg): Promise<(Msg | null)[]> {
		if (fault) throw fault;
		const command = commandIn(msg);
		if (command !== undefined) {
			warn(fill(noCommands, { command }));
			return [];
		}
		const said = values ?? valuesFor(await evaluate(RED, node, config, properties, msg, ({ text }) => warn(text)));
		const told = toldIn(msg, language);
		const given: Given = {
			incoming: told ?? legible(lookedAt(msg, 'payload'), warn),
			event: lookedAt(msg, 'event'),
		};
		const { outputs, message } = passing.pass(given, said, warn);
		const out = message ? await withMessage(RED, told ? withoutError(msg) : msg, message, warn) : msg;
		const sent: (Msg | null)[] = [];
		for (const output of outputs) sent[output] = out;
		return Array.from(sent, (each) => each ?? null);
	}

	let isWell = true;
	node.on('input', (msg, send, done) => {
		pass(msg)
			.then(
				(sent) => {
					if (!isWell) showNothing(node);
					isWell = true;
					if (sent.length > 0) send(sent);
					done();
				},
				(thrown: unknown) => {
					isWell = false;
					done(failed(thrown));
				},
			)
			.catch((thrown: unknown) => node.error(String(thrown)));
	});
}

/** The msg with the message in its payload, which then needs nothing that stood there before. */
async function withMessage(RED: Red, msg: Msg, composed: Message, warn: (text: Text) => void): Promise<Msg> {
	const obtained = async (file: Attachment): Promise<Attachment | undefined> => {
		if (!('binary' in file)) return file;
		const { binary, ...about } = file;
		try {
			const { name, mime, data } = await bytesAt(RED, msg, binary);
			return { name, mime, data, ...about };
		} catch (thrown) {
			if (!(thrown instanceof Unobtainable)) throw thrown;
			warn(thrown.reason);
			return undefined;
		}
	};
	const { image, attachments, ...rest } = composed;
	const picture = image && (await obtained(image));
	const files = await Promise.all((attachments ?? []).map(obtained));
	const payload = {
		...rest,
		...(picture && { image: picture }),
		...(files.length > 0 && { attachments: files.filter((file) => file !== undefined) }),
	};
	return { ...msg, payload };
}

/** What a Catch node told is in the message now, as it should be; Node-RED itself calls the error of before like this. */
function withoutError(msg: Msg): Msg {
	const { error, ...others } = msg;
	return { ...others, ...(error !== undefined && { _error: error }) };
}

const noCommands: Text = {
	en: 'msg.{command} went no further: it is a command for nodes that keep something.',
	zh: 'msg.{command} 未继续传递：这是给会保存消息的节点的命令。',
};

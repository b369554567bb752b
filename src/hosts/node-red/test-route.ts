import type { Channel } from '../../core/define/channel';
import { deliver, verify, type Context, type Raw } from '../../core/deliver/deliver';
import { invalid, seal, type ChannelError } from '../../core/base/errors';
import { fill, named, type Text } from '../../core/base/language';
import { variableOf } from './account-node';
import { answer, answerFailed, offerEach } from './admin-route';
import { lentAccount } from './lent-account';
import type { Red, Request, Response } from './red';
import { lastingOf } from './stores';

/** What the editor sends: an account's form as it stands, and the literal options of a node that uses it. */
interface TestRequest {
	/** Id of the config node, which may not be deployed yet. */
	account?: string;
	/** By property name; a secret that was not edited is `kept`. */
	values?: Record<string, unknown>;
	/** By field key. */
	options?: Record<string, unknown>;
}

/** Lets the editor send a test by this channel: `POST <admin root>carillon-editor/<id>/test`. */
export function offerTest(RED: Red, channel: Channel): void {
	offerEach(RED, 'test', channel.id, (request, response) => test(RED, channel, request, response));
}

async function test(RED: Red, channel: Channel, request: Request, response: Response): Promise<void> {
	const { account: id = '', values = {}, options = {} } = (request.body ?? {}) as TestRequest;
	const language = values.language === 'zh' ? 'zh' : 'en';
	const stop = new AbortController();
	response.on('close', () => stop.abort());
	const lasting = lastingOf(RED);
	const context = { signal: stop.signal, lasting };
	try {
		const account = lentAccount(RED, channel, id, values);
		const variable = channel.to && variableOf(options.to);
		if (variable) throw invalid('to', named(notOfNodes, channel.to!.label, { variable }));
		const message = {
			title: 'Carillon',
			body: fill(greeting, { name: language === 'zh' ? channel.zh : channel.name })[language],
		};
		const sending = deliver(channel, account, { ...options, attempts: 1, deadline: 30 }, message, context);
		const receipt = await sending.catch(async (thrown: ChannelError) => {
			// Whom to ring matters to nobody whose account does not work.
			throw (thrown.class === 'Invalid' && (await faultOf(channel, account, context))) || thrown;
		});
		answer(response, 200, { ...receipt, raw: undefined });
	} catch (thrown) {
		answerFailed(
			response,
			seal(thrown, language, (text) => text, channel.id),
		);
	} finally {
		await lasting.giveBack();
	}
}

/** What the service says against the account; a relay that passes on nothing but messages is not asked before one fails. */
const faultOf = (channel: Channel, account: Raw, context: Context): Promise<ChannelError | undefined> =>
	verify(channel, account, context).then(
		() => undefined,
		(error: ChannelError) => error,
	);

const notOfNodes: Text = {
	en: '“{name}” names the variable {variable}, which only a deployed node puts in: for the test enter the value itself.',
	zh: '“{name}”引用了变量 {variable}，只有部署后的节点才会代入：测试时请直接填写其值。',
};

const greeting = {
	en: 'A test from Node-RED: what you send by {name} arrives here.',
	zh: '这是来自 Node-RED 的测试：通过{name}发送的通知会到达这里。',
};

import { randomBytes } from 'node:crypto';
import {
	WAIT_INDEFINITELY,
	type IContextObject,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';
import { invalid } from '../../../core/base/errors';
import type { Language } from '../../../core/base/language';
import { day, hour, instantOf, minute, second } from '../../../core/base/wallClock';
import type { Format, Message } from '../../../core/message/message';
import { collections } from '../channel-form';
import { answerType, approvalOptions, buttonLabel, limitWaitTime } from './form';

/** What a page needs to show a question, and to tell it from those that the node asked before. n8n keeps it with the execution. */
export interface Asked {
	/** In its links. */
	id: string;
	kind: 'approval' | 'freeText';
	language: Language;
	title?: string;
	body: string;
	format: Format;
	/** Of the button of each answer, by what `approved` says in its link. */
	labels: Record<string, string>;
	receipt?: unknown;
}

/** A question on its way out. */
export interface Question {
	asked: Asked;
	/** With the answers for buttons. */
	message: Message;
	waitTill: Date;
}

/** Under which the node keeps its question. */
export const kept = 'carillonQuestion';

const words = {
	approve: { en: 'Approve', zh: '批准' },
	decline: { en: 'Decline', zh: '拒绝' },
	respond: { en: 'Respond', zh: '答复' },
} as const;

/** @throws ChannelError `Invalid` where the form, or what came in, makes no question */
export function questionOf(host: IExecuteFunctions, message: Message, language: Language): Question {
	const count = host.getInputData().length;
	if (count > 1)
		throw invalid('operation', {
			en: `${count} items came in, but one question is asked at a time: put “Loop Over Items” in front, or switch on “Execute Once” in the node’s settings to ask about the first alone.`,
			zh: `传入了 ${count} 个条目，而每次只能问一个问题：请在前面加上“Loop Over Items”，或在节点设置中开启“Execute Once”，只就第一个条目提问。`,
		});
	const parameter = <T>(name: string, fallback: T) => host.getNodeParameter(name, 0, fallback) as T;
	const options = parameter<IDataObject>(collections.options, {});
	const kind = parameter<string>(answerType, 'approval') === 'freeText' ? 'freeText' : 'approval';
	const id = randomBytes(6).toString('base64url');
	const answers =
		kind === 'approval' ? approvals(parameter(approvalOptions, {}), language) : [respond(options, language)];
	const buttons = answers.map(({ label, style, approved }) => ({
		text: label,
		style,
		// n8n's signature covers all of it.
		url: host.getSignedResumeUrl({ question: id, ...(approved && { approved }) }),
	}));
	return {
		asked: {
			...{ id, kind, language, title: message.title, body: message.body, format: message.format ?? 'markdown' },
			labels: Object.fromEntries(answers.map(({ label, approved = '' }) => [approved, label])),
		},
		// First, where a channel shows but a few.
		message: { ...message, buttons: [...buttons, ...(message.buttons ?? [])] },
		waitTill: limitOf(options[limitWaitTime], host),
	};
}

interface Answer {
	label: string;
	style?: 'primary' | 'danger';
	/** In the link; absent of a page that has a box. */
	approved?: string;
}

function approvals(given: IDataObject, language: Language): Answer[] {
	const { approvalType, approveLabel, disapproveLabel } = (given.values ?? {}) as Record<string, unknown>;
	const approve: Answer = {
		label: labelOf(approveLabel) ?? words.approve[language],
		style: 'primary',
		approved: 'true',
	};
	if (approvalType !== 'double') return [approve];
	return [
		approve,
		{ label: labelOf(disapproveLabel) ?? words.decline[language], style: 'danger', approved: 'false' },
	];
}

const respond = (options: IDataObject, language: Language): Answer => ({
	label: labelOf(options[buttonLabel]) ?? words.respond[language],
	style: 'primary',
});

const labelOf = (given: unknown) =>
	(typeof given === 'string' || typeof given === 'number') && String(given).trim() !== ''
		? String(given).trim()
		: undefined;

const units = { minutes: minute, hours: hour, days: day } as const;

/** Until when an answer is waited for. */
function limitOf(given: unknown, host: Pick<IExecuteFunctions, 'getTimezone'>): Date {
	const limit = (given as { values?: Record<string, unknown> } | undefined)?.values;
	if (!limit) return WAIT_INDEFINITELY;
	const now = Date.now();
	const until =
		limit.limitType === 'atSpecifiedTime'
			? timeOf(limit.maxDateAndTime, host.getTimezone())
			: now + Number(limit.resumeAmount ?? 1) * (units[limit.resumeUnit as keyof typeof units] ?? hour);
	// n8n has no later day than that either.
	if (!(until > now) || until > WAIT_INDEFINITELY.getTime())
		throw invalid(limitWaitTime, {
			en: '“Limit Wait Time” must be a length of time above zero, or a point in time to come.',
			zh: '“Limit Wait Time”必须是大于零的时长，或将来的某个时间。',
		});
	return new Date(until);
}

/** What n8n's editor stores of a point in time has no zone: it is the workflow's. */
function timeOf(given: unknown, zone: string): number {
	const text = given instanceof Date ? given.toISOString() : String(given);
	if (!/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?$/.test(text)) return Date.parse(text);
	const shown = Date.parse(`${text.replace(' ', 'T')}Z`);
	return instantOf(Math.floor(shown / day), (shown % day) / second, zone);
}

/**
 * The question is out: n8n keeps the execution until somebody answers it. Once the time is up n8n lets through what came
 * in, so that gets told that nobody did.
 * @returns what the node shows in the meantime
 */
export async function wait(
	host: IExecuteFunctions,
	{ asked, waitTill }: Question,
	out: INodeExecutionData,
): Promise<INodeExecutionData> {
	const { receipt } = out.json;
	const context: IContextObject = host.getContext('node');
	context[kept] = { ...asked, receipt } satisfies Asked;
	const unanswered = { ...(asked.kind === 'approval' && { approved: false }), timedOut: true };
	const late = { ...out, json: { ...out.json, data: unanswered } };
	const entry = host.getExecuteData();
	entry.data = { ...entry.data, main: [[late]] };
	await host.putExecutionToWait(waitTill);
	return out;
}

import { choice, list, multiline, number, text, type Values } from '../../core/define/channel';
import { answerFields } from './answer';
import { bodyTemplate, contents, placeholders, textForm } from './body';
import { header, named } from '../../core/define/fields/named';

const withBody = { method: ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'other'] };
const ownBody = { ...withBody, content: ['template'] };
const noBody = {
	en: 'Carries no body: what is to be told has to stand in the address, as {title} and {body}.',
	zh: '该方法没有请求体：内容须以 {title}、{body} 写在网址中。',
};
/** What a request is made of, and which answer means yes. */
export const webhookOptions = {
	method: choice(
		'Method',
		{
			POST: ['POST', 'POST'],
			GET: ['GET', 'GET'],
			PUT: ['PUT', 'PUT'],
			PATCH: ['PATCH', 'PATCH'],
			DELETE: ['DELETE', 'DELETE'],
			HEAD: ['HEAD', 'HEAD'],
			OPTIONS: ['OPTIONS', 'OPTIONS'],
			other: ['Other', '其他'],
		},
		{ zh: '请求方法', default: 'POST', catches: { GET: noBody, HEAD: noBody } },
	),
	otherMethod: text('Method name', {
		zh: '方法名称',
		placeholder: 'REPORT',
		show: { method: ['other'] },
		check: (value) =>
			/^[A-Z][A-Z-]*$/.test(value) && value !== 'CONNECT'
				? undefined
				: {
						en: 'must be a method in capital letters, not CONNECT',
						zh: '必须是大写的请求方法，且不能是 CONNECT',
					},
	}),
	path: text('Path', {
		zh: '路径',
		optional: true,
		placeholder: '/send?text={body}',
		help: { en: `Put behind the account’s URL. ${placeholders.en}`, zh: `接在账号的网址之后。${placeholders.zh}` },
	}),
	query: named('Query', {
		zh: '查询参数',
		row: { en: 'Parameter', zh: '参数' },
		help: {
			en: 'Values may hold placeholders such as {title}. GET without placeholders in the URL sends title, body and what else the message has',
			zh: '值中可用 {title} 等占位符。GET 请求的网址中没有占位符时，自动附上标题、正文及消息的其他内容',
		},
	}),
	headers: named('More headers', {
		zh: '更多请求头',
		row: header,
		help: { en: 'Values may hold placeholders', zh: '值中可用占位符' },
	}),
	content: choice('Body', contents, { zh: '请求体', default: 'message', show: withBody }),
	body: multiline('Template', { zh: '模板', optional: true, ...bodyTemplate, show: ownBody }),
	bodyType: choice(
		'Send as',
		{
			json: ['JSON', 'JSON'],
			form: ['Form', '表单'],
			multipart: ['Multipart form with files', '带文件的 multipart 表单'],
			text: ['Text', '纯文本'],
		},
		{ zh: '发送格式', default: 'json', show: withBody },
	),
	contentType: text('Content type', {
		zh: 'Content-Type',
		default: 'text/plain; charset=utf-8',
		show: { ...withBody, bodyType: ['text'] },
	}),
	imageField: text('Image field', {
		zh: '图片字段名',
		default: 'image',
		show: { ...withBody, bodyType: ['multipart'] },
	}),
	attachmentField: text('Attachment field', {
		zh: '附件字段名',
		default: 'attachment',
		help: { en: 'The second attachment goes as attachment2, and so on', zh: '第二个附件为 attachment2，依此类推' },
		show: { ...withBody, bodyType: ['multipart'] },
	}),
	textForm,
	maxBytes: number('Longest text (bytes)', {
		zh: '正文上限（字节）',
		optional: true,
		min: 20,
		integer: true,
		show: { textForm: ['plain', 'markdown', 'mailHtml'] },
	}),
	successStatus: list('Success statuses', {
		zh: '成功状态码',
		default: ['200-299'],
		help: {
			en: 'Such as 200, 201, 404-410. A redirect is never one: fill in where it leads',
			zh: '例如 200, 201, 404-410。跳转不算成功：请直接填写跳转后的地址',
		},
		check: (value) =>
			value.every((range) => /^[1-5]\d\d(\s*-\s*[1-5]\d\d)?$/.test(range))
				? undefined
				: { en: 'must be HTTP statuses or ranges of them', zh: '必须是 HTTP 状态码或其范围' },
	}),
	...answerFields(
		{
			en: 'A place in the JSON answer that must hold one of the values below',
			zh: 'JSON 应答中必须等于下列值之一的位置',
		},
		{ en: 'Where the answer says what is wrong', zh: '应答中说明错误的位置' },
	),
	idPath: text('Id JSON path', { zh: '消息 ID 路径', optional: true, placeholder: 'data.id' }),
};

export type WebhookOptions = Values<typeof webhookOptions>;

import type { IDisplayOptions, INodeProperties, IWebhookDescription } from 'n8n-workflow';

/** As n8n's own nodes name them: it turns a node with these into one for an agent's *Human in the Loop*. */
export const answerType = 'responseType';
export const approvalOptions = 'approvalOptions';
export const limitWaitTime = 'limitWaitTime';
export const buttonLabel = 'messageButtonLabel';

/** Where the links of a question lead. */
export const answerWebhooks = (): IWebhookDescription[] =>
	(['GET', 'POST'] as const).map((httpMethod) => ({
		name: 'default',
		httpMethod,
		responseMode: 'onReceived',
		responseData: '',
		path: '={{ $nodeId }}',
		restartWebhook: true,
		isFullPath: true,
	}));

export const whileWaiting =
	'={{ $parameter["operation"] === "sendAndWait" ? "Execution will continue once somebody has answered" : "" }}';

/** What kind of answer is wanted. */
export const answerProperties = (show: NonNullable<IDisplayOptions['show']>): INodeProperties[] => [
	{
		displayName: 'Response Type',
		name: answerType,
		type: 'options',
		default: 'approval',
		options: [
			{ name: 'Approval', value: 'approval', description: 'One or two buttons; a page asks to confirm' },
			{ name: 'Free Text', value: 'freeText', description: 'A button that leads to a page with a box for text' },
		],
		displayOptions: { show },
	},
	{
		displayName: 'Approval Options',
		name: approvalOptions,
		type: 'fixedCollection',
		placeholder: 'Add option',
		default: {},
		options: [
			{
				displayName: 'Values',
				name: 'values',
				values: [
					{
						displayName: 'Type of Approval',
						name: 'approvalType',
						type: 'options',
						default: 'single',
						options: [
							{ name: 'Approve Only', value: 'single' },
							{ name: 'Approve and Decline', value: 'double' },
						],
					},
					{
						displayName: 'Approve Button Label',
						name: 'approveLabel',
						type: 'string',
						default: '',
						placeholder: 'Approve · 批准',
						description: 'Empty: in the language of the account',
					},
					{
						displayName: 'Decline Button Label',
						name: 'disapproveLabel',
						type: 'string',
						default: '',
						placeholder: 'Decline · 拒绝',
						description: 'Empty: in the language of the account',
						displayOptions: { show: { approvalType: ['double'] } },
					},
				],
			},
		],
		displayOptions: { show: { ...show, [answerType]: ['approval'] } },
	},
];

/** Of the question alone; beside what all messages have. */
export const answerOptions = (): INodeProperties[] => [
	{
		displayName: 'Limit Wait Time',
		name: limitWaitTime,
		type: 'fixedCollection',
		default: { values: { limitType: 'afterTimeInterval', resumeAmount: 45, resumeUnit: 'minutes' } },
		description:
			'How long to wait for an answer. After that the workflow goes on, with “timedOut” in “data” and nothing approved. Without a limit it waits until somebody answers.',
		options: [
			{
				displayName: 'Values',
				name: 'values',
				values: [
					{
						displayName: 'Limit Type',
						name: 'limitType',
						type: 'options',
						default: 'afterTimeInterval',
						options: [
							{ name: 'After Time Interval', value: 'afterTimeInterval' },
							{ name: 'At Specified Time', value: 'atSpecifiedTime' },
						],
					},
					{
						displayName: 'Amount',
						name: 'resumeAmount',
						type: 'number',
						default: 1,
						typeOptions: { minValue: 0, numberPrecision: 2 },
						displayOptions: { show: { limitType: ['afterTimeInterval'] } },
					},
					{
						displayName: 'Unit',
						name: 'resumeUnit',
						type: 'options',
						default: 'hours',
						options: [
							{ name: 'Minutes', value: 'minutes' },
							{ name: 'Hours', value: 'hours' },
							{ name: 'Days', value: 'days' },
						],
						displayOptions: { show: { limitType: ['afterTimeInterval'] } },
					},
					{
						displayName: 'Max Date and Time',
						name: 'maxDateAndTime',
						type: 'dateTime',
						default: '',
						displayOptions: { show: { limitType: ['atSpecifiedTime'] } },
					},
				],
			},
		],
	},
	{
		displayName: 'Message Button Label',
		name: buttonLabel,
		type: 'string',
		default: '',
		placeholder: 'Respond · 答复',
		description: 'Of the button that leads to the box for free text. Empty: in the language of the account.',
	},
];

import type { INodeExecutionData } from 'n8n-workflow';
import { service, type Answer, type Seen, type Service } from '../../service';
import { workbench, type Workbench, type WorkflowNode } from './workbench';

const key = 'S3cretDeviceKey0';

let bench: Workbench;
let answer: (request: Seen) => Answer;
let server: Service;

beforeAll(async () => {
	bench = await workbench();
	server = await service((request) => answer(request));
}, 120_000);
afterAll(async () => {
	await bench?.close();
	await server?.close();
});
beforeEach(() => {
	server.requests.length = 0;
	answer = () => ({ body: { code: 200, message: 'success', timestamp: 1 } });
});

const asking = (parameters: object = {}, more: object = {}): WorkflowNode => ({
	name: 'Ask',
	type: '@carillon/n8n-nodes-carillon.bark',
	credentials: { carillonBarkApi: { id: '1', name: 'mine' } },
	parameters: { resource: 'message', operation: 'sendAndWait', message: 'Update?', ...parameters },
	...more,
});

const double = { approvalOptions: { values: { approvalType: 'double' } } };

const run = (
	node: WorkflowNode,
	items: Partial<INodeExecutionData>[] = [{ json: { version: '2.0' } }],
	account: object = { language: 'en' },
) =>
	bench.run({
		items,
		nodes: [
			node,
			{ ...asking({ operation: 'send', message: '=Said {{ JSON.stringify($json.data) }}' }), name: 'After' },
		],
		credentials: { carillonBarkApi: { baseUrl: server.url, deviceKeys: key, ...account } },
	});

type Query = { question: string; approved?: string };

/** What the links of the last question hold, in their order. */
function links(): Query[] {
	const { body } = server.requests.at(-1)!.json as { body: string };
	const urls = body.match(/https?:\/\/\S+/g) ?? [];
	return urls.map((url) => Object.fromEntries(new URL(url).searchParams) as unknown as Query);
}

const outputOf = ({ runData = {} }: { runData?: Awaited<ReturnType<typeof run>>['runData'] }, name: string) =>
	runData[name]?.at(-1)?.data?.main?.[0] ?? [];

test('what came in goes on with the answer; the execution waits until then', async () => {
	const binary = { poster: { data: '/9gB', mimeType: 'image/jpeg' } };
	const { waiting, error, runData } = await run(asking(double), [{ json: { version: '2.0' }, binary }]);
	expect([error, runData.After]).toEqual([undefined, undefined]);
	expect(waiting?.till).toBeGreaterThan(Date.UTC(2900, 0));
	const [approve, decline] = links() as [Query, Query];
	expect([approve, decline]).toEqual([
		expect.objectContaining({ approved: 'true', signature: expect.stringMatching(/./) }),
		expect.objectContaining({ approved: 'false', question: approve.question }),
	]);
	const { page, ...unchanged } = await bench.visit(waiting!.id, { method: 'GET', query: approve });
	expect([page.status, page.text, unchanged]).toEqual([200, expect.stringMatching(/Update\?.*Approve</s), {}]);
	const resumed = await bench.visit(waiting!.id, { method: 'POST', query: approve });
	expect(resumed.page.text).toContain('Your answer was passed on');
	const data = { approved: true, timedOut: false, respondedAt: expect.any(String) };
	expect(outputOf(resumed, 'Ask')).toEqual([
		{
			json: { version: '2.0', receipt: expect.objectContaining({ ok: true }), data },
			binary: { poster: expect.objectContaining({ mimeType: 'image/jpeg' }) },
			pairedItem: expect.anything(),
		},
	]);
	expect(outputOf(resumed, 'After')).toHaveLength(1);
});

test('of two answers given at once one counts, and the other is told', async () => {
	const { waiting } = await run(asking(double));
	const [approve, decline] = links() as [Query, Query];
	const [first, second] = await Promise.all([
		bench.visit(waiting!.id, { method: 'POST', query: decline }),
		bench.visit(waiting!.id, { method: 'POST', query: approve }),
	]);
	expect(outputOf(first, 'Ask')[0]?.json.data).toMatchObject({ approved: false });
	expect([second.page.status, second.page.text]).toEqual([409, expect.stringContaining('answered already')]);
	expect(second.runData).toBeUndefined();
});

test.each([
	['another question’s', { question: 'other' }],
	['one without a question', { question: undefined }],
	['an answer that was not offered', { approved: 'false' }],
	['no answer at all', { approved: undefined }],
])('a link with %s is told that nothing is open', async (_, change) => {
	const { waiting } = await run(asking());
	const query = { ...links()[0], ...change };
	for (const method of ['GET', 'POST'] as const) {
		const { page, runData } = await bench.visit(waiting!.id, { method, query });
		expect([page.status, page.text, runData]).toEqual([410, expect.stringContaining('no longer open'), undefined]);
	}
});

test('free text has a page of its own, which keeps what cannot be taken', async () => {
	const { waiting } = await run(asking({ responseType: 'freeText' }), undefined, { language: 'zh' });
	const [query] = links();
	const visit = (body?: object) =>
		bench.visit(waiting!.id, { method: body ? 'POST' : 'GET', query: query!, ...(body && { body }) });
	expect((await visit()).page.text).toMatch(/lang="zh-CN".*<textarea.*提交/s);
	for (const body of [{}, { text: ' \n ' }, { text: ['a', 'b'] }])
		expect((await visit(body)).page).toMatchObject({ status: 400, text: expect.stringContaining('请先填写回答') });
	const long = await visit({ text: `<i>${'x'.repeat(20_000)}` });
	expect([long.page.status, long.page.text]).toEqual([413, expect.stringContaining('&#60;i&#62;xxx')]);
	const { runData, page } = await visit({ text: ' yes\r\nplease ' });
	expect([page.status, outputOf({ runData }, 'Ask')[0]?.json.data]).toEqual([
		200,
		{ text: 'yes\nplease', timedOut: false, respondedAt: expect.any(String) },
	]);
});

test('a page shows the message as text, and runs nothing of it', async () => {
	const message = 'A <script>alert(1)</script> & **bold** [x](javascript:alert(2))';
	const { waiting } = await run(asking({ title: '<img src=x onerror=alert(3)>', message }));
	const { page } = await bench.visit(waiting!.id, { method: 'GET', query: links()[0]! });
	expect(page.text).not.toMatch(/<script|<img|href="javascript/i);
	expect(page.text).toContain('<b>bold</b>');
	expect(page.headers['content-security-policy']).toContain("default-src 'none'");
});

test('once the time is up what came in goes on, unapproved', async () => {
	const options = {
		limitWaitTime: { values: { limitType: 'afterTimeInterval', resumeAmount: 2, resumeUnit: 'days' } },
	};
	const before = Date.now();
	const { waiting } = await run(asking({ options }));
	const days = (waiting!.till - before) / 86_400_000;
	expect(Math.abs(days - 2)).toBeLessThan(0.01);
	const ran = await bench.timeUp(waiting!.id);
	expect(outputOf(ran, 'Ask')[0]?.json).toMatchObject({
		version: '2.0',
		receipt: { ok: true },
		data: { approved: false, timedOut: true },
	});
});

test.each([
	['none', { limitType: 'afterTimeInterval', resumeAmount: 0, resumeUnit: 'hours' }],
	['one that is no number', { limitType: 'afterTimeInterval', resumeAmount: 'soon', resumeUnit: 'hours' }],
	['one without an end', { limitType: 'afterTimeInterval', resumeAmount: 1e12, resumeUnit: 'days' }],
	['a past one', { limitType: 'atSpecifiedTime', maxDateAndTime: '2020-01-01T00:00:00' }],
	['an empty one', { limitType: 'atSpecifiedTime', maxDateAndTime: '' }],
])('a time limit that is %s is refused before anybody is asked', async (_, values) => {
	const { error, waiting } = await run(asking({ options: { limitWaitTime: { values } } }));
	expect([error?.message, waiting]).toEqual([expect.stringContaining('Limit Wait Time'), undefined]);
	expect(server.requests).toEqual([]);
});

test('a time without a zone is one of the workflow', async () => {
	const values = { limitType: 'atSpecifiedTime', maxDateAndTime: '2999-06-01T12:00:00' };
	const { waiting } = await run(asking({ options: { limitWaitTime: { values } } }));
	// n8n's own default.
	expect(new Date(waiting!.till).toISOString()).toBe('2999-06-01T16:00:00.000Z');
});

test('nobody is asked about several items at once', async () => {
	const { error, waiting } = await run(asking(), [{ json: {} }, { json: {} }]);
	expect([error?.message, waiting]).toEqual([expect.stringContaining('2 items came in'), undefined]);
	expect(server.requests).toEqual([]);
});

test('a question that could not be sent stops the workflow, or says so where On Error is set', async () => {
	answer = () => ({ status: 400, body: { code: 400, message: 'failed to get device token' } });
	const stopped = await run(asking());
	expect([stopped.error?.message, stopped.waiting, stopped.runData.After]).toEqual([
		expect.any(String),
		undefined,
		undefined,
	]);
	const goesOn = await run({ ...asking(), onError: 'continueRegularOutput' });
	expect(goesOn.waiting).toBeUndefined();
	expect(outputOf(goesOn, 'Ask')[0]?.json).toMatchObject({ error: { message: expect.any(String) } });
	expect(outputOf(goesOn, 'Ask')[0]?.json.data).toBeUndefined();
});

test('a try after one that failed for some asks the same question', async () => {
	let refused = 0;
	answer = ({ json }) =>
		json?.device_key === 'SecondDeviceKey0' && refused++ === 0
			? { status: 400, body: { code: 400, message: 'failed to get device token' } }
			: { body: { code: 200, message: 'success', timestamp: 1 } };
	const node = { ...asking(), retryOnFail: true, maxTries: 2, waitBetweenTries: 0 };
	const { waiting, error } = await run(node, undefined, { deviceKeys: `${key}\nSecondDeviceKey0` });
	expect(error).toBeUndefined();
	const ids = server.requests.map(({ json }) => /question=([\w-]+)/.exec((json as { body: string }).body)?.[1]);
	expect([ids.length > 1, new Set(ids).size]).toEqual([true, 1]);
	expect((await bench.visit(waiting!.id, { method: 'GET', query: links()[0]! })).page.status).toBe(200);
});

test('its own buttons come after the answers, and the account’s language is spoken', async () => {
	const parts = { buttons: { row: [{ text: 'Docs', url: 'https://example.com/docs', value: '', style: '' }] } };
	await run(asking({ ...double, parts }), undefined, { language: 'zh' });
	expect((server.requests[0]!.json as { body: string }).body).toMatch(/批准.*拒绝.*Docs/s);
});

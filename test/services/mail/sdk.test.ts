/** Mailgun's own SDK in front of our fake, and beside our channel. */
import Mailgun from 'mailgun.js';
import { deliver } from '../../../src/core/deliver/deliver';
import { mailgun } from '../../../src/services/mail/mailgun.channel';
import { because, expectAgreement, factsOf } from '../../agreement';
import { faked } from '../../faked';
import { names } from '../../names';
import type { Seen } from '../../service';
import { apiKey, mailgunApi, mailIn } from './mailgunApi';

// Nothing of theirs gets beyond this machine, whatever address it knows.
names({});

const domain = 'mg.example.com';
const server = faked(mailgunApi);
const client = (key = apiKey) => new Mailgun(FormData).client({ username: 'api', key, url: server.url });
const account = () => ({ baseUrl: server.url, apiKey, domain, from: 'Bell <bell@mg.example.com>' });
const pdf = Buffer.from('%PDF');

/** What is a multipart form on the wire, as its fields and files. */
async function facts(request: Seen) {
	const received = await mailIn(request);
	return factsOf([request], () => received);
}

test('the same mail from both', async () => {
	await client().messages.create(domain, {
		from: 'Bell <bell@mg.example.com>',
		to: ['Ann <ann@example.com>', 'ben@example.com'],
		cc: ['c@example.com'],
		bcc: ['d@example.com'],
		subject: 'Added 中',
		text: 'Hello',
		'h:Reply-To': 'r@example.com',
		'h:Auto-Submitted': 'auto-generated',
		'o:tag': ['film', 'new'],
		'o:deliverytime': 'Tue, 01 Jan 2030 00:00:00 +0000',
		'o:tracking': 'yes',
		'o:tracking-opens': 'no',
		'o:tracking-clicks': 'htmlonly',
		'o:dkim': 'yes',
		'o:require-tls': true,
		'o:skip-verification': true,
		'o:testmode': true,
		'v:id': '7',
		attachment: [{ data: pdf, filename: '报告.pdf', contentType: 'application/pdf' }],
	});
	await deliver(
		mailgun,
		{ ...account(), to: 'Ann <ann@example.com>, ben@example.com' },
		{
			...{ format: 'text', cc: 'c@example.com', bcc: 'd@example.com', replyTo: 'r@example.com' },
			...{ tags: 'film, new', deliveryTime: '2030-01-01T00:00:00Z', tracking: 'yes', trackingOpens: 'no' },
			...{ trackingClicks: 'htmlonly', dkim: 'yes', requireTls: true, skipVerification: true, testMode: true },
			variables: '{"id": 7}',
		} as never,
		{
			title: 'Added 中',
			body: 'Hello',
			format: 'text',
			attachments: [{ data: pdf, name: '报告.pdf', mime: 'application/pdf' }],
		},
	);
	const [theirs, ours] = await Promise.all(server.requests.map(facts));
	expect(server.requests).toHaveLength(2);
	expectAgreement(theirs!, ours!, because('The SDK leaves the type of a buffer out.', 'body.files.0.2'));
});

test('a template with its variables', async () => {
	const variables = '{"name":"Ann"}';
	await client().messages.create(domain, {
		from: 'Bell <bell@mg.example.com>',
		to: 'ann@example.com',
		subject: 'Added',
		text: 'Hello',
		template: 'bell',
		't:version': 'v2',
		't:text': true,
		't:variables': variables,
		'h:Auto-Submitted': 'auto-generated',
		'recipient-variables': '{"ann@example.com":{"id":1}}',
	});
	await deliver(
		mailgun,
		{ ...account(), to: 'ann@example.com' },
		{
			...{ template: 'bell', templateVersion: 'v2', templateText: true, templateVariables: variables },
			recipientVariables: '{"ann@example.com": {"id": 1}}',
		} as never,
		{ title: 'Added', body: 'Hello' },
	);
	const [theirs, ours] = await Promise.all(server.requests.map(facts));
	expectAgreement(theirs!, ours!);
});

const mail = { from: 'bell@mg.example.com', to: 'ann@example.com', subject: 'Added', text: 'Hello' };

test.each<[string, number, string, object, string?, string?]>([
	['a wrong key', 401, 'Forbidden', mail, 'key-wrong'],
	['another domain', 404, 'Domain not found', mail, apiKey, 'other.example.com'],
	['no sender', 400, "'from' parameter", { ...mail, from: undefined }],
	['no recipient', 400, "'to' parameter", { ...mail, to: undefined }],
])('the fake refuses %s, and the SDK knows it as a refusal', async (_, status, says, given, ...[key, at]) => {
	const known = typeof key === 'string' ? key : apiKey;
	const data = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
	await expect(
		client(known).messages.create(typeof at === 'string' ? at : domain, data as unknown as typeof mail),
	).rejects.toMatchObject({ status, details: expect.stringContaining(says) });
});

test('the fake refuses more than 25 MB, and the SDK knows it as a refusal', async () => {
	const attachment = { data: Buffer.alloc(25_000_001), filename: 'a.bin' };
	await expect(client().messages.create(domain, { ...mail, attachment })).rejects.toMatchObject({ status: 413 });
}, 30_000);

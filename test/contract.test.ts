import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { definitions, root } from '../scripts/definitions';
import type { Channel, ErrorRow } from '../src/core/define/channel';
import { deliver } from '../src/core/deliver/deliver';
import { isChannelError } from '../src/core/base/errors';
import type { Fields } from '../src/core/base/field';
import { closeConnections } from '../src/core/http/http';
import type { Text } from '../src/core/base/language';
import { triggerAccount } from '../src/core/receive/reception';
import type { Trigger } from '../src/core/define/trigger';
import { sampleOf, secretMark } from './sample';
import { service } from './service';

const found = definitions();
const channels = found.flatMap(({ id, file, definition }) =>
	definition.type === 'channel' ? [{ id, file, channel: definition as Channel }] : [],
);
const triggers = found.flatMap(({ id, file, definition }) =>
	definition.type === 'trigger' ? [{ id, file, trigger: definition as Trigger }] : [],
);

/** Tests mirror the source: a service's stand in the folder of its name. */
const hasTest = (id: string, file: string) =>
	existsSync(join(root, 'test', 'services', basename(dirname(file)), `${id}.test.ts`));

const chinese = /\p{Script=Han}/u;
/** Terms that Chinese readers use as they are. */
const international = /^[\p{L}\p{N} .+/()_:#-]{1,24}$/u;

function expectBoth(what: string, { en, zh }: Text) {
	expect([what, en.trim() === '' || zh.trim() === '']).toEqual([what, false]);
	expect([what, chinese.test(en)]).toEqual([what, false]);
	if (!chinese.test(zh)) expect([what, zh]).toEqual([what, expect.stringMatching(international)]);
}

function expectFields(where: string, fields: Fields) {
	for (const [key, field] of Object.entries(fields)) {
		const name = `${where}.${key}`;
		expect(key).toMatch(/^[a-z][a-zA-Z0-9]*$/);
		expectBoth(`${name} label`, field.label);
		for (const [value, said] of Object.entries(field.catches ?? {})) {
			expect([name, Object.keys(field.options ?? {})]).toEqual([name, expect.arrayContaining([value])]);
			expectBoth(`${name} of ${value}`, said);
			expect([name, said.en, said.zh]).toEqual([
				name,
				expect.stringMatching(/\.$/),
				expect.stringMatching(/。$/),
			]);
		}
		if (field.help) {
			expectBoth(`${name} help`, field.help);
			expect([name, chinese.test(field.help.zh)]).toEqual([name, true]);
		}
		for (const [value, label] of Object.entries(field.options ?? {})) expectBoth(`${name} ${value}`, label);
		for (const [sibling, values] of Object.entries(field.show ?? {})) {
			expect([name, Object.keys(fields)]).toEqual([name, expect.arrayContaining([sibling])]);
			const { options, kind } = fields[sibling]!;
			if (options) expect([name, Object.keys(options)]).toEqual([name, expect.arrayContaining([...values])]);
			else expect([name, kind]).toEqual([name, expect.stringMatching(/toggle|text/)]);
		}
		if (
			/(password|passwd|secret|apikey|accesstoken|token)s?$/i.test(key) &&
			field.kind !== 'toggle' &&
			field.kind !== 'choice'
		) {
			expect([name, field.secret]).toEqual([name, true]);
		}
	}
}

describe.each(channels)('channel $id', ({ id, file, channel }) => {
	test('is named after its file, has icon, docs and test', () => {
		expect(channel).toMatchObject({ type: 'channel', id });
		expect(channel.docs).toMatch(/^https:\/\/|^$/);
		const icon = readFileSync(join(root, 'icons', `${id}.svg`), 'utf8');
		expect(icon).toMatch(/<svg[^>]*viewBox=/);
		expect(icon).not.toMatch(/<script|<image|href=["']http/);
		expect(Buffer.byteLength(icon)).toBeLessThan(6_000);
		expect(hasTest(id, file)).toBe(true);
	});

	test('speaks both languages, flags its secrets', () => {
		expectBoth('name', { en: channel.name, zh: channel.zh });
		expectFields(`${id}.account`, channel.account);
		expectFields(`${id}.options`, channel.options);
		// Ids that nobody knows by heart: where they are found is told at the field.
		const { to } = channel;
		if (to && !/@/.test(to.placeholder ?? ''))
			expect([`${id}.to`, to.help]).toEqual([`${id}.to`, expect.anything()]);
		for (const [name, { fields, zh, name: title }] of Object.entries(channel.actions)) {
			expectBoth(`${id}.${name}`, { en: title, zh });
			expectFields(`${id}.actions.${name}`, fields);
		}
	});

	test('says what to do about each refusal', () => {
		for (const row of (channel.replies?.errors ?? []) as ErrorRow[]) {
			expectBoth(`${id} ${String(row.code ?? row.says)}`, row.do);
			expect(row.do.en).toMatch(/[.!”)]$/);
			expect(row.do.zh).toMatch(/[。！”）]$/);
		}
	});

	if (channel.transport !== 'http') return;

	test('has a base URL and honours it', async () => {
		expect(channel.account.baseUrl?.kind).toMatch(/^(url|text)$/);
		const server = await service(() => ({ status: 500, body: { code: 500, message: 'no' } }));
		try {
			const { account, options } = await sampleOf(channel, { baseUrl: server.url });
			server.requests.length = 0;
			const failure = await deliver(
				channel,
				account,
				{ ...options, attempts: 1, deadline: 5 },
				'**Hello** _there_',
			).catch((error: unknown) => error);
			expect(server.requests.length).toBeGreaterThan(0);
			expect(isChannelError(failure)).toBe(true);
			for (const text of [(failure as Error).message, (failure as Error).stack ?? '', JSON.stringify(failure)])
				expect(text).not.toContain(secretMark);
		} finally {
			await closeConnections();
			await server.close();
		}
	});
});

if (triggers.length > 0)
	describe.each(triggers)('trigger $id', ({ id, file, trigger }) => {
		test('is named after its file, has an icon and a test', () => {
			expect(trigger).toMatchObject({ type: 'trigger', id });
			expect(id).toMatch(/Trigger$/);
			expect(
				existsSync(join(root, 'icons', `${id}.svg`)) ||
					existsSync(join(root, 'icons', `${trigger.accountOf}.svg`)),
			).toBe(true);
			expect(hasTest(id, file)).toBe(true);
			expect(Boolean(trigger.receive) || Boolean(trigger.connect)).toBe(true);
		});

		test('speaks both languages, flags its secrets', () => {
			expectBoth('name', { en: trigger.name, zh: trigger.zh });
			expectBoth('description', trigger.description);
			expectFields(`${id}.account`, triggerAccount(trigger));
			expectFields(`${id}.options`, trigger.options);
		});

		test('shares an account that exists', () => {
			if (trigger.accountOf) expect(channels.map((each) => each.id)).toContain(trigger.accountOf);
		});
	});

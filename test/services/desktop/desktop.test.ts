import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fc, runs as often } from '../../property';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { desktop } from '../../../src/services/desktop/desktop.channel';
import { toastXml } from '../../../src/services/desktop/windows';
import { act, deliver, verify } from '../../../src/core/deliver/deliver';
import { refused } from '../../refused';

const png = Buffer.from(
	'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
	'base64',
);
const ownPlatform = process.platform;
const ownEnv = { ...process.env };
let folder: string;

const on = (platform: NodeJS.Platform) => Object.defineProperty(process, 'platform', { value: platform });

beforeEach(() => {
	folder = mkdtempSync(join(os.tmpdir(), 'carillon-desktop-test-'));
});
afterEach(async () => {
	jest.restoreAllMocks();
	on(ownPlatform);
	process.env = { ...ownEnv };
	await desktop.close?.();
	rmSync(folder, { recursive: true, force: true });
});

const send = (account: Record<string, unknown>, options: Record<string, unknown>, message: unknown) =>
	deliver(desktop, account, { attempts: 1, ...options }, message);

interface Run {
	program: string;
	args: string[];
	input: string;
	toast?: string;
	bus?: string;
}

/** Programs that write down how they were called, in front of the real ones. */
function programs(answers: Record<string, string>): () => Run[] {
	const bin = join(folder, 'bin');
	mkdirSync(bin, { recursive: true });
	const note = `const fs = require('node:fs'); const run = { program: '$NAME', args: process.argv.slice(2), input: fs.readFileSync(0, 'utf8'), toast: process.env.CARILLON_TOAST, bus: process.env.DBUS_SESSION_BUS_ADDRESS }; fs.appendFileSync(${JSON.stringify(join(folder, 'runs'))}, JSON.stringify(run) + '\\n');`;
	for (const [name, then] of Object.entries(answers)) {
		writeFileSync(join(bin, name), `#!${process.execPath}\n${note.replace('$NAME', name)}\n${then}\n`, {
			mode: 0o755,
		});
	}
	process.env.PATH = bin;
	return () => {
		const file = join(folder, 'runs');
		const runs = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
		rmSync(file, { force: true });
		return runs.map((line) => JSON.parse(line) as Run);
	};
}

const fails = (words: string, code = 1) =>
	`process.stderr.write(${JSON.stringify(words)}); process.exitCode = ${code};`;
const markup = `process.stdout.write('array [\\n string "body-markup"\\n ]');`;

/** What somebody who sends events might try to have run. */
const hostile = [
	'$(touch PWNED)',
	'`touch PWNED`',
	'"; touch PWNED; "',
	"' & touch PWNED & '",
	'-e do shell script "touch PWNED"',
	'--help',
	'%COMSPEC%',
	'</text><text>',
	"'@; calc; @'",
	'<img src="file:///etc/passwd">',
	'a\\nb',
	'\u0000\u001b[31m',
];
const hostileText = fc
	.oneof(fc.constantFrom(...hostile), fc.string({ unit: 'binary', minLength: 1 }), fc.string({ minLength: 1 }))
	.filter((text) => /[\p{L}\p{N}]/u.test(text));
const clean = (text: string) => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\ud800-\udfff]/gu, '');

describe('Linux', () => {
	beforeEach(() => {
		on('linux');
		process.env.DBUS_SESSION_BUS_ADDRESS = 'unix:path=/nowhere';
	});

	test('a message that asks for it replaces the earlier one, also where the option is off', async () => {
		const runs = programs({ 'notify-send': `process.stdout.write('7\\n')`, 'dbus-send': markup });
		await send({}, { replace: false }, { body: 'Hello', key: 'edit-1', edit: true });
		const { degraded } = await send({}, { replace: false }, { body: 'Hello', key: 'edit-1', edit: true });
		const shown = runs().filter(({ program }) => program === 'notify-send');
		expect(shown.map(({ args }) => args.includes('-r'))).toEqual([false, true]);
		expect(degraded).toEqual([]);
	});

	test('a silent message makes no sound on Linux, whatever sound is chosen', async () => {
		const runs = programs({ 'notify-send': `process.stdout.write('7\\n')`, 'dbus-send': markup });
		const { degraded } = await send({}, { sound: 'bell' }, { body: 'Hello', silent: true });
		const { args } = runs().find(({ program }) => program === 'notify-send')!;
		expect(args).toContain('boolean:suppress-sound:true');
		expect(args.join(' ')).not.toContain('sound-name');
		expect(degraded).toEqual([]);
	});

	test('every option is an argument of its own', async () => {
		const runs = programs({ 'notify-send': `process.stdout.write('7\\n')`, 'dbus-send': markup });
		const receipt = await send(
			{ appName: 'Emby', sessionBus: 'unix:path=/run/user/1000/bus' },
			{
				seconds: 2.5,
				icon: 'dialog-information',
				sound: 'message-new:instant',
				category: 'transfer.complete',
				urgency: 'low',
			},
			{ title: 'Film added', body: 'A <b> & B\nC:\\new', format: 'text', image: { data: png } },
		);
		const [asked, shown] = runs();
		expect(asked).toMatchObject({ program: 'dbus-send', bus: 'unix:path=/run/user/1000/bus' });
		expect(shown!.bus).toBe('unix:path=/run/user/1000/bus');
		const image = shown!.args[shown!.args.indexOf('dialog-information') + 2]!;
		expect(shown!.args).toEqual([
			...[
				'-a',
				'Emby',
				'-u',
				'low',
				'-p',
				'-t',
				'2500',
				'-i',
				'dialog-information',
				'-h',
				image,
				'-c',
				'transfer.complete',
			],
			...['-h', 'string:sound-name:message-newinstant'],
			...['--', 'Film added', 'A &lt;b&gt; &amp; B\nC:\\\\new'],
		]);
		expect(readFileSync(image.replace('string:image-path:', ''))).toEqual(png);
		expect(receipt).toMatchObject({ ids: ['7'], handle: { id: '7' }, degraded: [] });
		await desktop.close?.();
		expect(existsSync(image.replace('string:image-path:', ''))).toBe(false);
	});

	test.each([
		['failure', 'critical'],
		['warning', 'normal'],
		['success', 'normal'],
		[undefined, 'normal'],
	])('level %s is urgency %s', async (level, urgency) => {
		const runs = programs({ 'notify-send': '' });
		await send({}, {}, { body: 'Hello', level });
		expect(runs()[0]!.args.slice(0, 4)).toEqual(['-a', 'Carillon', '-u', urgency]);
	});

	test('the same key replaces, another does not, and neither where that is not wanted', async () => {
		const runs = programs({ 'notify-send': `process.stdout.write('41\\n')` });
		const key = `task-${Math.random()}`;
		for (const [options, message] of [
			[{}, key],
			[{}, key],
			[{}, 'other'],
			[{ replace: false }, key],
		] as const)
			await send({}, options, { body: 'Hello', key: message });
		expect(runs().map(({ args }) => args.includes('-r') && args[args.indexOf('-r') + 1])).toEqual([
			false,
			'41',
			false,
			false,
		]);
	});

	test('a desktop that reads no markup gets none', async () => {
		const runs = programs({ 'notify-send': '', 'dbus-send': `process.stdout.write('string "body"')` });
		await send({}, {}, { title: 'T', body: 'a < b', format: 'text' });
		expect(runs()[1]!.args.at(-1)).toBe('a < b');
	});

	test('a short text is shown once, not as title and again', async () => {
		const runs = programs({ 'notify-send': '' });
		await send({}, {}, 'Hello');
		await send({}, {}, 'Hello\n\nThere');
		expect(runs().map(({ args }) => args.slice(-2))).toEqual(
			[
				['Hello', ''],
				['Hello', 'Hello\n\nThere'],
			].map(([title, body]) => [
				expect.stringContaining(title!),
				body === '' ? '' : expect.stringContaining('There'),
			]),
		);
	});

	test('an old notify-send is asked again without what it does not know', async () => {
		const runs = programs({ 'notify-send': `if (process.argv.includes('-p')) { ${fails('Unknown option -p')} }` });
		const receipt = await send({}, {}, { body: 'Hello', key: 'old' });
		expect(runs()).toHaveLength(2);
		expect(receipt.ids).toEqual([]);
	});

	test('nothing that a message holds is ever more than one argument', async () => {
		const runs = programs({ 'notify-send': '', 'dbus-send': markup });
		await fc.assert(
			fc.asyncProperty(hostileText, hostileText, async (title, body) => {
				await send({}, {}, { title, body: `${body}\nx`, format: 'text' });
				const { args } = runs().at(-1)!;
				expect(args.slice(0, 6)).toEqual(['-a', 'Carillon', '-u', 'normal', '-p', '--']);
				expect(args).toHaveLength(8);
				expect(args[7]).not.toMatch(/[<>]/);
			}),
			// Each is a process or two.
			{ numRuns: often(8, 250) },
		);
		expect(readdirSync(folder)).toEqual(['bin']);
	}, 600_000);

	test.each([
		['The name org.freedesktop.Notifications was not provided by any .service files', 'NO_SERVICE', /start one/],
		[
			'Error calling StartServiceByName for org.freedesktop.Notifications: Process org.freedesktop.Notifications received signal 5',
			'NO_SERVICE',
			/start one/,
		],
		['Cannot autolaunch D-Bus without X11 $DISPLAY', 'NO_SESSION', /cannot be reached/],
		['Could not connect: No such file or directory', 'NO_SESSION', /cannot be reached/],
		['Error: something else', 'NOTIFY', /something else/],
	])('a refusal: %s', async (words, code, sentence) => {
		programs({ 'notify-send': fails(words) });
		const error = await refused(send({}, { attempts: 4 }, 'Hello'));
		expect(error).toMatchObject({ code, transient: false, message: expect.stringMatching(sentence) });
		expect(error.text.zh).toMatch(/\p{Script=Han}/u);
	});

	test('without the program', async () => {
		programs({});
		expect(await refused(send({}, {}, 'Hello'))).toMatchObject({
			class: 'Unreachable',
			code: 'ENOENT',
			message: expect.stringMatching(/libnotify/),
		});
	});

	test('without a desktop session', async () => {
		delete process.env.DBUS_SESSION_BUS_ADDRESS;
		process.env.XDG_RUNTIME_DIR = folder;
		for (const promise of [send({}, {}, 'Hello'), verify(desktop, {})]) {
			expect(await refused(promise)).toMatchObject({
				class: 'Unreachable',
				code: 'NO_SESSION',
				message: expect.stringMatching(/no desktop session|container/),
			});
		}
	});

	test('the usual place of the bus is found', async () => {
		delete process.env.DBUS_SESSION_BUS_ADDRESS;
		process.env.XDG_RUNTIME_DIR = folder;
		writeFileSync(join(folder, 'bus'), '');
		const runs = programs({ 'notify-send': '' });
		await send({}, {}, 'Hello');
		expect(runs()[0]!.bus).toBe(`unix:path=${folder}/bus`);
	});

	test('a picture that cannot be kept does not cost the text', async () => {
		const temporary = jest.spyOn(os, 'tmpdir').mockReturnValue(join(folder, 'missing'));
		programs({ 'notify-send': '' });
		expect(await send({}, {}, { body: 'Hello', image: { data: png } })).toMatchObject({
			degraded: ['image'],
			warnings: [expect.stringMatching(/picture/)],
		});
		temporary.mockRestore();
		expect(await send({}, {}, { body: 'Hello', image: { data: png } })).toMatchObject({ degraded: [] });
	});

	test('takes back what it showed', async () => {
		const runs = programs({ 'dbus-send': '' });
		await act(desktop, 'closeNotification', {}, { id: '7' });
		expect(runs()[0]!.args.slice(-2)).toEqual(['org.freedesktop.Notifications.CloseNotification', 'uint32:7']);
	});

	test('a message of which the host stops waiting ends the program', async () => {
		// Longer than any test is waited for.
		programs({ 'notify-send': 'setTimeout(() => undefined, 600_000)' });
		expect(await refused(send({}, { deadline: 1 }, 'Hello'))).toMatchObject({ code: 'DEADLINE' });
	});
});

describe('macOS', () => {
	beforeEach(() => on('darwin'));

	test('puts nothing in the place of another, and says so', async () => {
		programs({ osascript: '' });
		expect((await send({}, {}, { body: 'x', key: 'k', edit: true })).degraded).toEqual(['edit']);
	});

	const script = (more: string) =>
		`on run argv\ndisplay notification (item 1 of argv) with title (item 2 of argv) subtitle (item 3 of argv)${more}\nend run\n`;

	test('texts are arguments of a script that never changes', async () => {
		const runs = programs({ osascript: '' });
		await send({}, { subtitle: 'nas', sound: 'Glass' }, { title: 'Film', body: 'one\ntwo', format: 'text' });
		await send(
			{},
			{ sound: 'Glass' },
			{ title: 'Film', body: 'one\ntwo', format: 'text', image: { data: png }, silent: true },
		);
		expect(runs().map(({ args, input }) => ({ args, input }))).toEqual([
			{ args: ['-', 'one\ntwo', 'Film', 'nas', 'Glass'], input: script(' sound name (item 4 of argv)') },
			{ args: ['-', 'one\ntwo', 'Film', '', ''], input: script('') },
		]);
		await fc.assert(
			fc.asyncProperty(hostileText, async (text) => {
				await send({}, {}, { title: text, body: `${text}\nx`, format: 'text' });
				const [{ args, input }] = runs() as [Run];
				expect(input).toBe(script(''));
				expect(args).toHaveLength(5);
			}),
			{ numRuns: often(5, 150) },
		);
		expect(readdirSync(folder)).toEqual(['bin']);
	}, 600_000);

	test('check, refusal, and what macOS cannot do', async () => {
		const runs = programs({ osascript: '' });
		await verify(desktop, {});
		expect(runs()[0]!.input).not.toContain('display');
		programs({ osascript: fails('execution error: Not authorised (-1743)') });
		expect(await refused(send({}, {}, 'Hello'))).toMatchObject({
			class: 'Unreachable',
			code: 'NO_SESSION',
			message: expect.stringMatching(/-1743.*Script Editor/),
		});
		expect(await refused(act(desktop, 'closeNotification', {}, { id: '7' }))).toMatchObject({
			class: 'Invalid',
			field: 'id',
		});
	});
});

describe('Windows', () => {
	beforeEach(() => on('win32'));
	const taskOf = ({ toast }: Run) => JSON.parse(Buffer.from(toast!, 'base64').toString());
	const read = (xml: string) => {
		expect(XMLValidator.validate(xml)).toBe(true);
		return new XMLParser({
			ignoreAttributes: false,
			attributeNamePrefix: '',
			parseTagValue: false,
			trimValues: false,
			htmlEntities: true,
		}).parse(xml).toast;
	};

	test('every option in the toast, and the toast in the environment', async () => {
		const runs = programs({ 'powershell.exe': '' });
		const receipt = await send(
			{ appId: 'Carillon.App', appName: 'Emby' },
			{
				subtitle: 'nas',
				icon: '/icons/a.png',
				sound: 'Notification.Mail',
				scenario: 'alarm',
				long: true,
				seconds: 60,
			},
			{
				title: 'Film <added>',
				body: 'one & two',
				format: 'text',
				key: 'film-1',
				url: 'https://example.com/?a=1&b=2',
				image: { data: png },
				buttons: [{ text: 'Watch "it"', url: 'https://example.com/w' }],
			},
		);
		const [run] = runs();
		expect(run!.args.slice(0, -1)).toEqual([
			'-NoProfile',
			'-NonInteractive',
			'-ExecutionPolicy',
			'Bypass',
			'-EncodedCommand',
		]);
		expect(Buffer.from(run!.args.at(-1)!, 'base64').toString('utf16le')).not.toMatch(/Film|one|example/);
		const task = taskOf(run!);
		expect(task).toMatchObject({
			do: 'show',
			appId: 'Carillon.App',
			seconds: 60,
			tag: expect.stringMatching(/^[0-9a-f]{32}$/),
		});
		expect(receipt.handle).toEqual({ id: task.tag });
		const toast = read(task.xml);
		expect(toast).toMatchObject({
			launch: 'https://example.com/?a=1&b=2',
			activationType: 'protocol',
			scenario: 'alarm',
			duration: 'long',
			audio: { src: 'ms-winsoundevent:Notification.Mail' },
		});
		expect(toast.actions.action).toEqual({
			content: 'Watch "it"',
			activationType: 'protocol',
			arguments: 'https://example.com/w',
		});
		const { text, image } = toast.visual.binding;
		expect(text).toEqual(['Film <added>', 'nas', 'one & two', { '#text': 'Emby', placement: 'attribution' }]);
		expect(image).toEqual([
			expect.objectContaining({ placement: 'hero', src: expect.stringMatching(/^file:\/\/\/.*\.png$/) }),
			{ placement: 'appLogoOverride', src: 'file:///icons/a.png' },
		]);
	});

	test('silent, and PowerShell’s own name where there is no other', async () => {
		const runs = programs({ 'powershell.exe': '' });
		await send({}, { sound: 'Notification.Mail' }, { body: 'Hello', silent: true });
		const task = taskOf(runs()[0]!);
		expect(task.appId).toMatch(/powershell\.exe$/);
		expect(read(task.xml).audio).toEqual({ silent: 'true' });
	});

	test('the script is the same whatever is sent, and the XML sound whatever is in it', async () => {
		const runs = programs({ 'powershell.exe': '' });
		const scripts = new Set<string>();
		for (const text of hostile) {
			await send({}, {}, { title: text, body: 'x', format: 'text' }).catch(() => undefined);
			for (const { args } of runs()) scripts.add(args.join(' '));
		}
		expect(scripts.size).toBe(1);
		fc.assert(
			fc.property(hostileText, hostileText, (title, body) => {
				const toast = read(
					toastXml({
						app: 'a',
						title,
						body: `x${body}`,
						urgency: 'normal',
						silent: false,
						long: false,
						buttons: [{ text: title, url: body }],
					}),
				);
				expect(toast.visual.binding.text[1].replace(/\r\n?/g, '\n')).toBe(
					clean(`x${body}`).replace(/\r\n?/g, '\n'),
				);
				expect(Object.keys(toast).sort()).toEqual(['actions', 'visual']);
			}),
		);
	}, 60_000);

	test.each([
		[4, '', 'NO_SESSION', /Windows service/],
		[3, 'DisabledForApplication', 'DISABLED', /DisabledForApplication.*System → Notifications/],
		[1, 'Exception calling LoadXml', 'POWERSHELL', /LoadXml/],
	])('exit code %s is explained', async (exit, words, code, sentence) => {
		programs({ 'powershell.exe': fails(words, exit) });
		expect(await refused(send({}, { attempts: 4 }, 'Hello'))).toMatchObject({
			class: 'Unreachable',
			code,
			transient: false,
			message: expect.stringMatching(sentence),
		});
	});

	test('check and close', async () => {
		const runs = programs({ 'powershell.exe': '' });
		await verify(desktop, {});
		await act(desktop, 'closeNotification', {}, { id: 'abc' });
		expect(runs().map(taskOf)).toMatchObject([{ do: 'check' }, { do: 'close', tag: 'abc' }]);
	});

	test('links that leave no room are said', async () => {
		programs({ 'powershell.exe': '' });
		expect(
			await refused(send({}, {}, { body: 'Hello', url: `https://example.com/${'x'.repeat(5_000)}` })),
		).toMatchObject({ class: 'Invalid', field: 'message' });
	});
});

test('a system without any', async () => {
	on('aix');
	expect(await refused(send({}, {}, 'Hello'))).toMatchObject({
		class: 'Unreachable',
		code: 'NO_SESSION',
		message: expect.stringMatching(/aix/),
	});
});

const needed = ['Xvfb', 'dbus-run-session', 'dunst', 'notify-send', 'dbus-send'];
const absent =
	ownPlatform === 'linux' ? needed.filter((program) => spawnSync('which', [program]).status !== 0) : needed;
if (absent.length > 0 && process.env.CI !== 'true')
	console.warn(
		`Skipped: a real notification service is needed (${absent.join(', ')} missing; on Debian: apt-get install dbus dunst libnotify-bin xvfb).`,
	);

(absent.length > 0 && process.env.CI !== 'true' ? describe.skip : describe)(
	'a real notification service (dunst, under Xvfb and dbus-run-session)',
	() => {
		const running: ChildProcess[] = [];
		let rig: string;
		let sessionBus: string;

		/** Notifications as dunst showed them, in order; waits until there are so many. */
		async function shown(count: number): Promise<Record<string, string>[]> {
			const files = () => readdirSync(join(rig, 'shown')).sort((a, b) => Number(a) - Number(b));
			for (let round = 0; round < 250 && files().length < count; round++)
				await new Promise((done) => setTimeout(done, 20));
			return files().map((file) => {
				const pairs = readFileSync(join(rig, 'shown', file), 'utf8')
					.split('\0')
					.filter((pair) => pair.startsWith('DUNST_'));
				return Object.fromEntries(
					pairs.map((pair) => [
						pair.slice(6, pair.indexOf('=')).toLowerCase(),
						pair.slice(pair.indexOf('=') + 1),
					]),
				);
			});
		}

		/** Now and then dunst itself ends as it starts or shows its first, and its session with it: then there is nothing yet to judge. */
		beforeEach(async () => {
			for (let more = 3; ; more--) {
				const fault = await start();
				if (!fault) return;
				await clear();
				if (more === 0) throw fault;
			}
		}, 60_000);
		afterEach(clear);

		async function clear(): Promise<void> {
			// The session first: dunst complains where its screen goes.
			for (const child of running.splice(0).reverse()) await end(child);
			rmSync(rig, { recursive: true, force: true });
		}

		/** A screen, a session and dunst in it. Returns why there are none. */
		async function start(): Promise<Error | undefined> {
			rig = mkdtempSync(join(os.tmpdir(), 'carillon-dunst-'));
			mkdirSync(join(rig, 'shown'));
			writeFileSync(
				join(rig, 'record'),
				`#!/bin/sh\nenv -0 > "${rig}/.$$" && mv "${rig}/.$$" "${rig}/shown/$(date +%s%N)"\n`,
				{ mode: 0o755 },
			);
			writeFileSync(
				join(rig, 'dunstrc'),
				`[global]\nmarkup = full\nstack_duplicates = false\n[record]\nsummary = "*"\nscript = ${rig}/record\n`,
			);
			const screen = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '640x480x24', '-nolisten', 'tcp'], {
				detached: true,
				stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
			});
			running.push(screen);
			const display = await firstLine(screen.stdio[3] as NodeJS.ReadableStream);
			const session = spawn(
				'dbus-run-session',
				[
					'--',
					'sh',
					'-c',
					'echo "$DBUS_SESSION_BUS_ADDRESS"; exec dunst -config "$0" 2>"$0.log"',
					join(rig, 'dunstrc'),
				],
				{
					detached: true,
					stdio: ['ignore', 'pipe', 'ignore'],
					// Without Debian's own service file the bus starts no second dunst, for whoever asks before ours is there.
					env: { ...process.env, DISPLAY: `:${display}`, XDG_DATA_DIRS: rig, XDG_DATA_HOME: rig },
				},
			);
			running.push(session);
			sessionBus = await firstLine(session.stdout!);
			for (let round = 0; ; round++) {
				const fault = await verify(desktop, { sessionBus }).then(
					() => undefined,
					(error: Error) => error,
				);
				if (!fault && (await works())) return undefined;
				const said = join(rig, 'dunstrc.log');
				if (round === 200 || session.exitCode !== null || session.signalCode !== null)
					return new Error(
						`${fault?.message ?? 'It shows nothing.'}\n${existsSync(said) ? readFileSync(said, 'utf8') : ''}`,
					);
				await new Promise((done) => setTimeout(done, 50));
			}
		}

		/** Whether it shows what it is given, and is still there then. */
		async function works(): Promise<boolean> {
			spawnSync('notify-send', ['first'], { env: { ...process.env, DBUS_SESSION_BUS_ADDRESS: sessionBus } });
			const all = await shown(1);
			for (const file of readdirSync(join(rig, 'shown'))) rmSync(join(rig, 'shown', file));
			return (
				all.length > 0 &&
				(await verify(desktop, { sessionBus }).then(
					() => true,
					() => false,
				))
			);
		}

		/** With all that it started: a killed dbus-run-session leaves its bus behind. Who ended by itself is not waited for. */
		async function end(child: ChildProcess): Promise<void> {
			const ended = new Promise<void>((done) => {
				if (child.exitCode !== null || child.signalCode !== null) done();
				else child.once('exit', () => done());
			});
			killGroup(child, 'SIGTERM');
			const patience = setTimeout(() => killGroup(child, 'SIGKILL'), 5_000);
			await ended;
			clearTimeout(patience);
			killGroup(child, 'SIGKILL');
			child.stdout?.destroy();
		}

		function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
			try {
				process.kill(-child.pid!, signal);
			} catch (error) {
				// Nobody of it is left.
				if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
			}
		}

		const firstLine = (stream: NodeJS.ReadableStream) =>
			new Promise<string>((done) => createInterface(stream).once('line', done));

		test('shows title, text, urgency, name and picture, and replaces by key', async () => {
			const message = {
				title: 'Film added',
				body: 'one < two & C:\\new\nthree',
				format: 'text',
				level: 'failure',
				image: { data: png },
				key: 'film-1',
			};
			const first = await send({ sessionBus, appName: 'Emby' }, { seconds: 30 }, message);
			const again = await send(
				{ sessionBus, appName: 'Emby' },
				{ seconds: 30 },
				{ ...message, title: 'Film changed', level: 'info' },
			);
			const [one, two] = await shown(2);
			expect(one).toMatchObject({
				app_name: 'Emby',
				summary: 'Film added',
				body: 'one &lt; two &amp; C:\\new\nthree',
				urgency: 'CRITICAL',
				id: first.ids[0],
			});
			expect(one!.icon_path).toMatch(/\.png$/);
			expect(two).toMatchObject({ summary: 'Film changed', urgency: 'NORMAL', id: first.ids[0] });
			expect(again.ids).toEqual(first.ids);
			await expect(act(desktop, 'closeNotification', { sessionBus }, { id: first.ids[0] })).resolves.toEqual({
				closed: true,
			});
		}, 20_000);

		test('runs nothing that a title says', async () => {
			const titles = hostile.filter((title) => !/[\u0000\n]/.test(title));
			for (const title of titles) await send({ sessionBus }, {}, { title, body: `${title}\nx`, format: 'text' });
			expect((await shown(titles.length)).map(({ summary }) => summary).sort()).toEqual(titles.sort());
			expect(existsSync('PWNED')).toBe(false);
		}, 30_000);

		test('is verified; a session without a service is explained', async () => {
			await verify(desktop, { sessionBus });
			const bare = spawn('dbus-run-session', ['--', 'sh', '-c', 'echo "$DBUS_SESSION_BUS_ADDRESS"; sleep 30'], {
				stdio: ['ignore', 'pipe', 'ignore'],
				detached: true,
				env: { ...process.env, DISPLAY: '', XDG_DATA_DIRS: rig, XDG_DATA_HOME: rig },
			});
			try {
				const account = { sessionBus: await firstLine(bare.stdout!) };
				expect(await refused(verify(desktop, account))).toMatchObject({
					class: 'Unreachable',
					code: 'NO_SERVICE',
				});
				expect(await refused(send(account, {}, 'Hello'))).toMatchObject({
					class: 'Unreachable',
					code: 'NO_SERVICE',
					message: expect.stringMatching(/dunst/),
				});
			} finally {
				await end(bare);
			}
			expect(await refused(send({ sessionBus: `unix:path=${rig}/none` }, {}, 'Hello'))).toMatchObject({
				class: 'Unreachable',
				code: 'NO_SESSION',
			});
		}, 20_000);
	},
);

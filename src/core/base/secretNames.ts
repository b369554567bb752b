import { atOnce, mostInTurn, type Turns } from './turns';

/**
 * Words of a name that stand for a secret, in the languages that people name their fields in. Compared in lower case,
 * word by word: `TELEGRAM_TOKEN`, `x-api-key` and `botToken` hold one; `tokenizer`, `keyboard` and `secretary` do not.
 */
const words: ReadonlySet<string> = new Set([
	...['token', 'password', 'passwd', 'passphrase', 'passcode', 'pwd', 'passwort', 'kennwort', 'pw', 'pin', 'otp'],
	...['secret', 'secrets', 'apikey', 'apikeys', 'authorization', 'authorisation', 'auth', 'bearer', 'jwt', 'oauth'],
	...['cookie', 'cookies', 'session', 'sessionid', 'sessid', 'sid', 'csrf', 'xsrf', 'credential', 'credentials'],
	...['sendkey', 'sckey', 'pushkey', 'pushplus', 'accesskey', 'secretkey', 'privatekey', 'signature', 'sig', 'rkey'],
	...['motdepasse', 'mdp', 'contrasena', 'contraseña', 'clave', 'senha', 'wachtwoord', 'lösenord', 'hasło', 'haslo'],
	...[
		'пароль',
		'токен',
		'секрет',
		'şifre',
		'parola',
		'geheimnis',
		'schlüssel',
		'jeton',
		'segredo',
		'heslo',
		'salasana',
	],
]);

/** Two words in a row: `api_key`, `access-key`, `Session ID`, `mot de passe`, `smtp_pass`. */
const pairs: ReadonlySet<string> = new Set([
	...[
		...['api', 'access', 'private', 'secret', 'send', 'session', 'encryption', 'signing', 'auth', 'device', 'aes'],
		...['app', 'license', 'client', 'master', 'shared', 'push', 'service', 'account', 'admin', 'webhook', 'ssh'],
	].map((word) => `${word}key`),
	...[
		...[
			'smtp',
			'imap',
			'mail',
			'email',
			'db',
			'database',
			'mysql',
			'pg',
			'postgres',
			'redis',
			'mqtt',
			'ftp',
			'ssh',
		],
		...['user', 'admin', 'root', 'login', 'account', 'wifi', 'proxy', 'http', 'basic', 'api', 'app', 'web', 'nas'],
	].map((word) => `${word}pass`),
	...['password', 'sessionid', 'depasse', 'passkey', 'webhookurl', 'hookurl'],
]);

/** Written without a break before or behind them. */
const endings = /(?:token|password|passwd|passphrase|secret|apikey|cookie|credentials?|sendkey|secretkey|privatekey)$/;
const within =
	/密码|密碼|口令|密钥|密鑰|金钥|金鑰|令牌|私钥|私鑰|凭证|憑證|凭据|授权码|授權碼|验证码|秘钥|パスワード|トークン|秘密|暗証|비밀번호|암호|토큰|รหัสผ่าน|mật khẩu|كلمة المرور|סיסמה/;

/** What every name of a secret in plain letters has in it: the second words of the pairs, too. */
const stems = new RegExp(
	[...words, ...['key', 'pass', 'session', 'hook']].filter((word) => /^[a-z]+$/.test(word)).join('|'),
	'i',
);

const known = new Map<string, boolean>();
const mostKnown = 1_000;

/**
 * Whether a field of this name holds what only its owner may see: whatever stands under it is not for readers of a
 * message.
 */
export function namesSecret(name: string): boolean {
	// A name is short; what is longer is a text that somebody put in its place.
	if (name.length > 100) return false;
	let found = known.get(name);
	if (found === undefined) {
		found = isSecret(name);
		if (known.size >= mostKnown) known.clear();
		known.set(name, found);
	}
	return found;
}

function isSecret(name: string): boolean {
	if (!stems.test(name) && /^[\0-\x7f]*$/.test(name)) return false;
	const lower = name.normalize('NFC').toLowerCase();
	if (within.test(lower)) return true;
	const parts = name
		.normalize('NFC')
		.replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2')
		.replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
		.toLowerCase()
		.split(/[^\p{L}\p{N}]+/u)
		.filter(Boolean)
		// `token2`
		.map((part) => part.replace(/(?<=\p{L})\d+$/u, ''));
	return parts.some(
		(part, at) =>
			words.has(part) || pairs.has(part) || endings.test(part) || pairs.has(`${part}${parts[at + 1] ?? ''}`),
	);
}

/** What stands in a secret's place. */
export const hidden = '•••';

/** The names under which lists of settings give a setting's name, and those under which they give what it is set to. */
const namings = [
	'key',
	'name',
	'field',
	'setting',
	'variable',
	'env',
	'option',
	'param',
	'parameter',
	'config',
].flatMap((name) => [name, `${name.charAt(0).toUpperCase()}${name.slice(1)}`, name.toUpperCase()]);
const settings: ReadonlySet<string> = new Set([
	...['value', 'values', 'val', 'content', 'data', 'default', 'current', 'previous', 'before', 'after'],
	...['from', 'to', 'old', 'new', 'old_value', 'new_value', 'oldvalue', 'newvalue'],
]);

/**
 * Which of an object's own fields are secret: those named so, and the value beside a name that says so, as in
 * `{"key": "TELEGRAM_TOKEN", "value": …}`.
 */
export function secretFields(object: Readonly<Record<string, unknown>>): (name: string, value: unknown) => boolean {
	const isSetting = namings.some((name) => {
		const value = Object.hasOwn(object, name) ? object[name] : undefined;
		return typeof value === 'string' && namesSecret(value);
	});
	// `{"user": …, "pass": …}`; elsewhere it is told how many passed.
	const isLogin = logins.some((name) => Object.hasOwn(object, name));
	return (name, value) =>
		(isLogin && name.toLowerCase() === 'pass' && typeof value === 'string') ||
		// What is counted or switched is told: `"auth": true`, `"session": 3`. A number long enough is a secret.
		(isTold(value) && !/pass|pwd|密|pin|otp/i.test(name) ? false : namesSecret(name)) ||
		(isSetting && settings.has(name.toLowerCase()));
}

const logins = ['user', 'User', 'username', 'login', 'account', 'email', 'host'] as const;

const isTold = (value: unknown) =>
	value === null ||
	value === '' ||
	typeof value === 'boolean' ||
	(typeof value === 'number' && Number.isFinite(value) && Math.abs(value) < 1_000);

/** A text with assignments in it (`API_KEY=…`, `…?token=…`), or one as headers are written (`X-Api-Key: …`), without what they say of secrets. */
export const withoutAssigned = (text: string): string =>
	text
		.replace(/(?<![\w.-])([\w.-]{1,60})=[^\s&,;"'<>]+/g, (found, name: string) =>
			namesSecret(name) ? `${name}=${hidden}` : found,
		)
		.replace(/^([\w.-]{1,60}):\s*(?:(?:Bearer|Basic|Token)\s+)?\S+$/i, (found, name: string) =>
			namesSecret(name) ? `${name}: ${hidden}` : found,
		)
		.replace(/(\bAuthorization:\s?\w{1,20}\s)[^\s"'`,;<>]+/gi, `$1${hidden}`)
		.replace(/^(Bearer|Basic) (?=\S*[\d=._-])\S{8,}$/i, `$1 ${hidden}`)
		.replace(/(?<![\w+.-])([a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@]{0,100}:)[^\s/@]{1,200}(?=@)/gi, `$1${hidden}`);

/** Characters of one turn. */
const stretch = 4 * mostInTurn;

/** A quick look at a long text: most name none. A name that lies across two looks is seen by both. */
function* mayNameSecret(text: string): Turns<boolean> {
	if (!/[:=]/.test(text)) return false;
	for (let at = 0; at < text.length; at += stretch) {
		if (at > 0) yield;
		const part = text.slice(at, at + stretch + 100);
		if (stems.test(part) || /[^\x00-\x7f]/.test(part)) return true;
	}
	return false;
}

/**
 * A text that looks like JSON but is none, with the values of secret fields taken out. One pass over pieces: strings
 * whole, bare words, white space, and every other character by itself.
 */
export const withoutSecrets = (text: string): string => atOnce(withoutSecretsInTurns(text));

/** The same with pauses. */
export function* withoutSecretsInTurns(text: string): Turns<string> {
	if (!(yield* mayNameSecret(text))) return text;
	let shown = '';
	/** Of this turn: millions of them are dear to put together at the end. */
	let pieces: string[] = [];
	let shownTo = 0;
	/** The piece before this one, which may be a name. */
	let [nameAt, nameEnd] = [0, 0];
	/** Behind a secret's name, before its value. */
	let isAwaited = false;
	let pauseAt = stretch;
	for (let at = 0; at < text.length;) {
		if (at > pauseAt) {
			pauseAt = at + stretch;
			shown += pieces.join('');
			pieces = [];
			yield;
		}
		const code = text.charCodeAt(at);
		let end = endOfPiece(text, at, code);
		if (isSpace(code)) {
			at = end;
			continue;
		}
		if (isAwaited) {
			pieces.push(text.slice(shownTo, at), hidden);
			if (code === brace || code === bracket) end = yield* endOfParts(text, end);
			shownTo = end;
			isAwaited = false;
		} else if (code === colon || code === equals) {
			while (nameAt < nameEnd && isQuoting(text.charCodeAt(nameAt))) nameAt++;
			while (nameEnd > nameAt && isQuoting(text.charCodeAt(nameEnd - 1))) nameEnd--;
			isAwaited = namesSecret(text.slice(nameAt, nameEnd));
			nameAt = nameEnd = end;
		} else [nameAt, nameEnd] = [at, end];
		at = end;
	}
	return shown + pieces.join('') + text.slice(shownTo);
}

const [doubleQuote, singleQuote, ampersand, comma, colon, semicolon, equals] = [34, 39, 38, 44, 58, 59, 61];
const [bracket, backslash, bracketEnd, brace, braceEnd] = [91, 92, 93, 123, 125];
const alone: ReadonlySet<number> = new Set([
	...[doubleQuote, singleQuote, ampersand, comma, colon, semicolon, equals],
	...[bracket, bracketEnd, brace, braceEnd],
]);

const isQuoting = (code: number) => code === doubleQuote || code === singleQuote || code === backslash;

const isSpace = (code: number) => (code < 128 ? code === 32 || (code >= 9 && code <= 13) : wide.has(code));
/** What patterns call white space beyond ASCII. */
const wide: ReadonlySet<number> = new Set([
	...[0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000, 0xfeff],
	...Array.from({ length: 11 }, (_, at) => 0x2000 + at),
]);

function endOfPiece(text: string, start: number, code: number): number {
	if (code === doubleQuote) return endOfString(text, start);
	if (code === backslash && text.charCodeAt(start + 1) === doubleQuote) return endOfEscaped(text, start + 2);
	if (code === singleQuote) return endOfQuote(text, start);
	if (alone.has(code)) return start + 1;
	const within = isSpace(code);
	let at = start + 1;
	while (at < text.length) {
		const next = text.charCodeAt(at);
		if (isSpace(next) !== within || alone.has(next)) break;
		at++;
	}
	return at;
}

/** Behind its closing quote, the first in front of which is an even number of backslashes. */
function endOfString(text: string, start: number): number {
	for (let at = start + 1; at < text.length; at++) {
		const code = text.charCodeAt(at);
		if (code === backslash) at++;
		else if (code === doubleQuote) return at + 1;
	}
	return text.length;
}

/** Of a string that was written into another one, which was cut off before its end: its own quotes are `\\"` there. */
function endOfEscaped(text: string, from: number): number {
	for (let at = text.indexOf('\\"', from); at !== -1; at = text.indexOf('\\"', at + 2))
		if (text.charCodeAt(at - 1) !== backslash) return at + 2;
	return text.length;
}

/** Of a line; else it is an apostrophe. */
function endOfQuote(text: string, start: number): number {
	for (let at = start + 1; at < text.length; at++) {
		const code = text.charCodeAt(at);
		if (code === singleQuote) return at + 1;
		if (code === 10) break;
	}
	return start + 1;
}

/** Behind what closes a list or an object. */
function* endOfParts(text: string, start: number): Turns<number> {
	let depth = 1;
	let at = start;
	let pauseAt = at + stretch;
	while (at < text.length && depth > 0) {
		if (at > pauseAt) {
			pauseAt = at + stretch;
			yield;
		}
		const code = text.charCodeAt(at);
		if (code === brace || code === bracket) depth++;
		else if (code === braceEnd || code === bracketEnd) depth--;
		at = endOfPiece(text, at, code);
	}
	return at;
}

import { hidden, namesSecret } from './secretNames';

/** Secrets that their makers gave a form of their own, so that they are known wherever they stand; what is kept of each says what it was. */
const forms = new RegExp(
	[
		String.raw`(?<![\w-])(?:`,
		[
			// AWS, GitHub, GitLab, Slack
			...[String.raw`(?:AKIA|ASIA)(?=[A-Z0-9]{16}(?![A-Z0-9]))`, String.raw`gh[oprsu]_(?=\w{20})`],
			...[String.raw`github_pat_(?=\w{20})`, String.raw`glpat-(?=[\w-]{16})`],
			...[String.raw`xox[a-z](?=-[\w-]{10})`, String.raw`xapp(?=-\d-[\w-]{10})`],
			// OpenAI, Anthropic, Stripe, Google, registries, SendGrid
			...[
				String.raw`sk-(?=[\w-]{20})`,
				String.raw`[prs]k_(?:live|test)_(?=\w{16})`,
				String.raw`AIza(?=[\w-]{30})`,
			],
			...[String.raw`npm_(?=\w{30})`, String.raw`pypi-(?=[\w-]{16})`, String.raw`hf_(?=\w{30})`],
			...[String.raw`dckr_pat_(?=[\w-]{20})`, String.raw`SG\.(?=[\w-]{16,64}\.)`],
			// Web tokens, Telegram's bots
			...[String.raw`eyJ(?=[\w-]{5,4000}\.eyJ[\w-]{5,8000}\.)`, String.raw`\d{8,11}:(?=AA[\w-]{30})`],
		].join('|'),
		String.raw`)[\w-]+(?:\.[\w-]+)*`,
	].join(''),
	'g',
);
const kept =
	/^(?:AKIA|ASIA|gh[oprsu]_|github_pat_|glpat-|xox[a-z]|xapp|sk-|[prs]k_(?:live|test)_|AIza|npm_|pypi-|hf_|dckr_pat_|SG\.|eyJ|\d+:)/;

/** Addresses that are a key themselves. */
const keyAddresses =
	/(https:\/\/(?:hooks\.slack\.com\/(?:services|workflows|triggers)|(?:\w{1,20}\.)?discord(?:app)?\.com\/api\/(?:v\d{1,3}\/)?webhooks|open\.(?:feishu\.cn|larksuite\.com)\/open-apis\/bot\/v\d\/hook)\/)[^\s"'<>]+/gi;

const privateKeys = /(-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----)[^-]+/g;

/** Of a command: a flag with a value behind it. */
const flags = /(?<![\w-])(--?([a-z][\w-]{0,40}) +["']?)(?!-)[^\s"']+/gi;
/** As files of settings write it, with blanks. */
const assigned = /(?<![\w.-])(([\w.-]{1,60}) = ["']?)[^\s"'&,;<>]+/g;
/** What programs take after a flag of one letter. */
const logins: readonly RegExp[] = [
	/((?<![\w-])(?:-u *|--(?:proxy-)?user[= ])["']?[^\s:"']{1,100}:)[^\s"']+/g,
	/(\b(?:sshpass|mysql|mysqldump|mysqladmin|mariadb)\b[^\n]{0,200}? -p)[^\s"'-][^\s"']*/g,
	/(\b(?:sshpass|(?:docker|podman|az|oc) login)\b[^\n]{0,200}? -p +["']?)[^\s"']+/g,
];

/** A text without the secrets in it that can be known by their form, or by the command that they are given to. */
export function withoutKnown(text: string): string {
	let shown = text
		.replace(forms, (found) => (kept.exec(found)?.[0] ?? '') + hidden)
		.replace(keyAddresses, `$1${hidden}`)
		.replace(privateKeys, `$1${hidden}`)
		.replace(assigned, (found, start: string, name: string) => (namesSecret(name) ? start + hidden : found))
		.replace(flags, (found, start: string, name: string) =>
			namesSecret(name) && !/-(?:file|path|dir)$/i.test(name) ? start + hidden : found,
		);
	const [basic, ...others] = logins as [RegExp, ...RegExp[]];
	// Others take `-u 1000:1000` for a user and a group.
	if (/\b(?:curl|wget|https?ie?)\b/.test(shown)) shown = shown.replace(basic, `$1${hidden}`);
	for (const login of others) shown = shown.replace(login, `$1${hidden}`);
	return shown;
}

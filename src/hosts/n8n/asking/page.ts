import type { Language } from '../../../core/base/language';
import { chars } from '../../../core/base/limit';
import { render } from '../../../core/markup';
import type { Asked } from './question';

/** What a page says. */
export type Shown =
	| { state: 'closed' | 'answered'; language: Language }
	| { state: 'thanks'; language: Language; label?: string }
	| {
			state: 'open';
			language: Language;
			question: Asked;
			label: string;
			choice: string;
			fault?: 'empty' | 'long';
			text?: string;
	  };

const words = {
	closed: {
		en: 'This question is no longer open. Nothing was changed.',
		zh: '该问题已不再等待回答，没有做任何更改。',
	},
	answered: {
		en: 'This question has been answered already. Nothing was changed.',
		zh: '该问题已有人回答，没有做任何更改。',
	},
	thanks: { en: 'Your answer was passed on. You can close this page.', zh: '回答已提交，可以关闭此页面。' },
	confirm: { en: 'Nothing happens until you press the button.', zh: '按下按钮后才会生效。' },
	box: { en: 'Your answer', zh: '您的回答' },
	send: { en: 'Send', zh: '提交' },
	empty: { en: 'Write an answer first.', zh: '请先填写回答。' },
	long: { en: 'The answer is too long: at most 20,000 characters.', zh: '回答过长：最多 20,000 个字符。' },
	question: { en: 'Question', zh: '问题' },
} as const;

/** A page that needs nothing else: no script, no picture, no font. */
export function page(shown: Shown): string {
	const { language } = shown;
	const title = (shown.state === 'open' && shown.question.title) || words.question[language];
	return `<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body><main>${shown.state === 'open' ? form(shown) : told(shown)}</main></body>
</html>`;
}

function told(shown: Exclude<Shown, { state: 'open' }>): string {
	const { state, language } = shown;
	const label = state === 'thanks' && shown.label ? `<h1>${escaped(shown.label)}</h1>` : '';
	return `${label}<p>${words[state][language]}</p>`;
}

function form({ language, question, label, choice, fault, text = '' }: Extract<Shown, { state: 'open' }>): string {
	const { title, body, format, kind } = question;
	const { parts } = render(body, { format, dialect: 'mailHtml', limit: chars(most), overflow: 'cut' });
	const heading = title ? `<h1>${escaped(title)}</h1>` : '';
	const wrong = fault ? `<p class="fault" role="alert">${words[fault][language]}</p>` : '';
	const box =
		kind === 'freeText'
			? `<label>${words.box[language]}<textarea name="text" rows="6" required>${escaped(text)}</textarea></label>`
			: `<p class="note">${words.confirm[language]}</p>`;
	const button = kind === 'freeText' ? words.send[language] : label;
	// Without an action it goes to the page's own address, signature and all.
	return `${heading}<div>${parts.join('')}</div>${wrong}
<form method="post">${box}<button${choice === 'false' ? ' class="danger"' : ''}>${escaped(button)}</button></form>`;
}

/** Characters: nobody reads on. */
const most = 50_000;

const escaped = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const style = `
:root{color-scheme:light;background:#fff;color:#1f2328;font:16px/1.5 system-ui,sans-serif}
body{margin:0;display:flex;justify-content:center}
main{width:100%;max-width:36rem;padding:1.5rem;box-sizing:border-box;overflow-wrap:anywhere}
h1{font-size:1.25rem}
label{display:block}
textarea{display:block;width:100%;box-sizing:border-box;margin:.25rem 0 1rem;font:inherit}
button{font:inherit;padding:.6rem 1.4rem;border:0;border-radius:.4rem;background:#1a7f4b;color:#fff}
button.danger{background:#b3261e}
.note{opacity:.75}
.fault{color:#b3261e;font-weight:600}
`;

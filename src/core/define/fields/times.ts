import { choices, number, text } from '../../base/field';
import { mustBeTime, mustBeZone, timeOfDay, type Weekday } from '../../base/wallClock';
import type { Show } from '../../base/field';

/** Fields of nodes that go by the clock on the wall. */

export const timeZone = text('Time Zone', {
	zh: '时区',
	optional: true,
	placeholder: 'Asia/Shanghai',
	check: mustBeZone,
	help: {
		en: 'By its IANA name; empty: that of the workflow in n8n, that of the machine in Node-RED',
		zh: 'IANA 名称，例如 Asia/Shanghai；留空：n8n 使用工作流的时区，Node-RED 使用本机时区',
	},
});

export const weekdaysField = (show?: Show) =>
	choices<Weekday>(
		'Weekdays',
		{
			mon: ['Monday', '星期一'],
			tue: ['Tuesday', '星期二'],
			wed: ['Wednesday', '星期三'],
			thu: ['Thursday', '星期四'],
			fri: ['Friday', '星期五'],
			sat: ['Saturday', '星期六'],
			sun: ['Sunday', '星期日'],
		},
		{ zh: '星期', ...(show && { show }), help: { en: 'None chosen: every day', zh: '不选：每天' } },
	);

interface TimeOptions {
	zh: string;
	default: string;
	help?: { en: string; zh: string };
	show?: Show;
}

/** A time of day: `22:30`. */
export const time = <const O extends TimeOptions>(label: string, options: O) =>
	text(label, { ...options, check: mustBeTime });

/** For a length of time. */
export const seconds = <
	const O extends { zh: string; default: number; min: number; help?: { en: string; zh: string }; show?: Show },
>(
	label: string,
	options: O,
) => number(label, { ...options, max: 366 * 86_400 });

/** Seconds since midnight of a time that was checked. */
export const secondsOf = (checked: string): number => timeOfDay(checked)!;

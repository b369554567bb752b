import type { Level } from '../message/message';

/**
 * How grave something is by the colour that a tool gave it: red, orange and yellow, green; nothing else tells.
 * @param value `0xff0000`, `"#f00"`, `"ff0000"`, `"16711680"`
 */
export function levelOfColour(value: unknown): Level | undefined {
	const rgb = rgbOf(value);
	if (rgb === undefined) return undefined;
	const [red, green, blue] = [(rgb >> 16) & 255, (rgb >> 8) & 255, rgb & 255] as const;
	const [most, least] = [Math.max(red, green, blue), Math.min(red, green, blue)];
	const spread = most - least;
	// Grey, black and white, and what is hardly a colour.
	if (spread < 60) return undefined;
	const sector =
		most === red
			? ((green - blue) / spread + 6) % 6
			: most === green
				? (blue - red) / spread + 2
				: (red - green) / spread + 4;
	const hue = sector * 60;
	if (hue < 18 || hue >= 335) return 'failure';
	if (hue < 68) return 'warning';
	return hue < 170 ? 'success' : undefined;
}

function rgbOf(value: unknown): number | undefined {
	if (typeof value === 'number')
		return Number.isInteger(value) && value >= 0 && value <= 0xffffff ? value : undefined;
	if (typeof value !== 'string') return undefined;
	const given = value.trim();
	const [, short] = /^#([\da-f]{3})$/i.exec(given) ?? [];
	if (short) return Number.parseInt([...short].map((digit) => digit + digit).join(''), 16);
	const [, hex] = /^#([\da-f]{6})$/i.exec(given) ?? /^(?=.*[a-f])([\da-f]{6})$/i.exec(given) ?? [];
	if (hex) return Number.parseInt(hex, 16);
	return /^\d{1,8}$/.test(given) ? rgbOf(Number(given)) : undefined;
}

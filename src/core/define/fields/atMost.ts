/** A field's check: so many characters. */
export const atMost = (most: number) => (value: string) =>
	[...value].length <= most ? undefined : { en: `may have ${most} characters`, zh: `最多 ${most} 个字符` };

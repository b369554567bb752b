/** A picture in Markdown; brackets within its address would end it early. */
export const markdownImage = (url: string) =>
	`![](${url.replace(/[()\s<>\\]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)})`;

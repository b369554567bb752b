/**
 * What no text may hold whatever its format: half characters, the line ends of other systems, the colours and links of
 * terminals, control characters. Line breaks and tabs stay.
 */
export function printable(source: string): string {
	const whole = source.toWellFormed();
	if (!/[\0-\x08\v-\x1f\x7f-\x9f]/.test(whole)) return whole;
	return (
		whole
			.replace(/\r\n?|[\v\f\x85]/g, '\n')
			// Control sequences (CSI), then commands to the terminal (OSC and its like) with their text.
			.replace(/(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]/g, '')
			.replace(/\x1b[\]PX^_][^\n\x07\x1b]{0,4000}(?:\x07|\x1b\\)/g, '')
			.replace(/\x1b(?:[ -/]{1,4}[0-~]|[=>78cDEM])/g, '')
			// Bold and underlined as printers struck them, and manuals still do.
			.replace(/(.)(?:\x08\1)+|_\x08(?=[^\s\x08])/gsu, '$1')
			.replace(/[\0-\x08\x0e-\x1f\x7f-\x9f]/g, '')
	);
}

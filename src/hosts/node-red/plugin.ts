import type { Red } from './red';

/** The runtime's half of what all forms share; the other half is `editor/`. */
export function plugin(RED: Red): void {
	RED.plugins.registerPlugin('carillon-editor', { type: 'carillon' });
}

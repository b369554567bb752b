/**
 * Arrows run one way, also those of types: shims → hosts → (services | flow) → core; and inside the core
 * receive → deliver → define → (http, sockets, markup, message) → base, with state beside them.
 *
 *   npm run arrows
 */
const room = (...names) => `^src/core/(${names.join('|')})/`;
const forbid = (name, comment, from, to) => ({ name, severity: 'error', comment, from, to });

/** Of each room of the core, the rooms that it may not look into. */
const above = {
	base: ['http', 'sockets', 'markup', 'message', 'state', 'define', 'deliver', 'receive'],
	markup: ['http', 'sockets', 'message', 'state', 'define', 'deliver', 'receive'],
	message: ['http', 'sockets', 'state', 'define', 'deliver', 'receive'],
	state: ['http', 'sockets', 'markup', 'message', 'define', 'deliver', 'receive'],
	http: ['sockets', 'markup', 'message', 'state', 'define', 'deliver', 'receive'],
	sockets: ['markup', 'message', 'state', 'define', 'deliver', 'receive'],
	define: ['deliver', 'receive'],
	deliver: ['receive'],
};

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
	forbidden: [
		forbid('no-circle', 'Two files that need each other are one, or want a third.', {}, { circular: true }),
		...Object.entries(above).map(([name, rooms]) =>
			forbid(`core-${name}`, `core/${name} stands below that.`, { path: room(name) }, { path: room(...rooms) }),
		),
		forbid(
			'rendering-is-pure',
			'Rendering makes the parts of what is at hand: what reaches out comes before it or after it.',
			{ path: '^src/core/deliver/render/' },
			{ path: '^src/core/(http|sockets|deliver/(obtain|send))/|^(node:)?(dns|net|http|https|timers)$' },
		),
		forbid(
			'obtaining-comes-first',
			'What is obtained is neither rendered nor sent yet.',
			{ path: '^src/core/deliver/obtain/' },
			{ path: '^src/core/deliver/(render|send)/' },
		),
		forbid(
			'core-knows-no-service',
			'The core knows no service and no host.',
			{ path: '^src/core/' },
			{ path: '^src/(services|flow|hosts)/' },
		),
		forbid(
			'definitions-know-no-host',
			'Services and flow nodes know no host.',
			{ path: '^src/(services|flow)/' },
			{ path: '^src/hosts/' },
		),
		forbid(
			'services-apart',
			'What services share is a named thing of the core.',
			{ path: '^src/services/([^/]+)/' },
			{ path: '^src/services/', pathNot: '^src/services/($1/|senders\\.ts$)' },
		),
		forbid(
			'senders-for-the-webhook-alone',
			'The list of all senders is the webhook trigger’s.',
			{ path: '^src/services/', pathNot: '^src/services/webhook/' },
			{ path: '^src/services/senders\\.ts$' },
		),
		forbid(
			'n8n-alone',
			'Only src/hosts/n8n, and the shims made for it, import n8n.',
			{ path: '^(src|nodes-red)/', pathNot: '^src/hosts/n8n/' },
			{ path: '^src/hosts/n8n/|node_modules/n8n-' },
		),
		forbid(
			'node-red-alone',
			'Only src/hosts/node-red, and the shims made for it, import Node-RED.',
			{ path: '^(src|nodes|credentials)/', pathNot: '^src/hosts/node-red/' },
			{ path: '^src/hosts/node-red/|node_modules/(@node-red|node-red|@types/node-red)' },
		),
		forbid(
			'shims-are-thin',
			'A shim names its definition and its host’s maker, nothing more.',
			{ path: '^(nodes|credentials|nodes-red)/' },
			{ path: '^(nodes|credentials|nodes-red)/|^src/core/' },
		),
		forbid('resolvable', 'It is not there.', {}, { couldNotResolve: true }),
	],
	options: {
		doNotFollow: { path: 'node_modules' },
		tsPreCompilationDeps: true,
		tsConfig: { fileName: 'tsconfig.json' },
		enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['require', 'node', 'default'] },
	},
};

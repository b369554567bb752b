/** All that runs when Node-RED starts stands here and in `admin-route`, which import nothing else of ours but types. */
import { isReading, offer } from './admin-route';
import type { App, Config, Credentials, Handler, Node, Red, Request } from './red';

/** A node, with the account that it brings along. */
export type Member = (RED: Red) => void;
type Constructor = (this: Node, config: Config) => void;

/** What a member registers, known before any of its code is loaded: type → its credentials. */
export type Outline = Readonly<Record<string, Credentials>>;

/** Runs it with a Node-RED that only listens. */
export function outlineOf(member: Member): Outline {
	const outline: Record<string, Credentials> = {};
	run(member, {} as Red, (type, _constructor, options) => (outline[type] = options?.credentials ?? {}));
	return outline;
}

/**
 * A set of members, by the ids of their definitions, whose code is loaded when the first node of one is made, or its
 * form asks something: a palette full of services costs a start next to nothing, whichever of them are used.
 */
export function lazySet(
	outlines: Readonly<Record<string, Outline>>,
	load: () => Readonly<Record<string, Member>>,
): Member {
	return (RED) => {
		for (const [id, outline] of Object.entries(outlines)) lazyMember(RED, id, outline, () => load()[id]!);
	};
}

function lazyMember(RED: Red, id: string, outline: Outline, load: () => Member): void {
	let constructors: Map<string, Constructor> | undefined;
	const loaded = (): Map<string, Constructor> => {
		if (constructors) return constructors;
		const found = new Map<string, Constructor>();
		run(load(), RED, (type, constructor) => found.set(type, constructor));
		return (constructors = found);
	};
	for (const [type, credentials] of Object.entries(outline)) {
		RED.nodes.registerType(
			type,
			function (config) {
				loaded().get(type)!.call(this, config);
			},
			{ credentials },
		);
	}
	loadWhenAsked(RED, id, loaded);
}

/** Everything but the registering goes to the Node-RED that is there. */
function run(member: Member, RED: Red, registerType: Red['nodes']['registerType']): void {
	const nodes: Red['nodes'] = Object.assign(Object.create(RED.nodes ?? null), { registerType });
	member(Object.create(RED, { nodes: { value: nodes } }) as Red);
}

const asked = new WeakMap<App, Map<string, () => unknown>>();

/** A form's request loads what it asks, which then has its own route further down the line. */
function loadWhenAsked(RED: Red, id: string, load: () => unknown): void {
	const { httpAdmin } = RED;
	if (!httpAdmin) return;
	const known = asked.get(httpAdmin);
	if (known) return void known.set(id, load);
	const loads = new Map([[id, load]]);
	asked.set(httpAdmin, loads);
	type Asked = Request & { params: { id: string; what: string } };
	const handler: Handler = (request, _response, next) => {
		try {
			loads.get((request as Asked).params.id)?.();
			next();
		} catch (error) {
			next(error);
		}
	};
	offer(RED, ':id/:what', handler, (request) => isReading((request as Asked).params.what));
}

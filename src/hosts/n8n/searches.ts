import { NodeOperationError, type ILoadOptionsFunctions, type INodeListSearchResult } from 'n8n-workflow';
import { lookUp, type Raw } from '../../core/deliver/deliver';
import type { Channel } from '../../core/define/channel';
import type { Field } from '../../core/base/field';
import { lasting } from './flow/keeping';
import { actionParameter, capitalised, within } from './names';

type Search = (
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
) => Promise<INodeListSearchResult>;

/** Of a parameter that picks from a list. */
export const methodOf = (parameter: string) => `list${capitalised(parameter)}`;

/** A method for each field of a channel's node that picks from what the service lists. */
export function searches(channel: Channel, accountType: string): Record<string, Search> {
	const fields: [parameter: string, field: Field][] = [
		...(channel.to ? [['to', channel.to as Field] as [string, Field]] : []),
		...Object.entries(channel.parts),
		...Object.entries(channel.options),
		...Object.entries(channel.actions).flatMap(([action, { fields }]) =>
			Object.entries(fields).map(([key, field]): [string, Field] => [actionParameter(action)(key), field]),
		),
	];
	const inRows = fields.flatMap(([parameter, { fields: inner = {} }]) =>
		Object.entries(inner).map(([key, field]): [string, Field] => [within(parameter)(key), field]),
	);
	return Object.fromEntries(
		[...fields, ...inRows]
			.filter(([, field]) => field.list)
			.map(([parameter, field]) => [methodOf(parameter), search(channel, accountType, field)]),
	);
}

const search = (channel: Channel, accountType: string, field: Field): Search =>
	async function (filter, paginationToken) {
		const account = await this.getCredentials<Raw>(accountType);
		try {
			const { items, next } = await lookUp(
				channel,
				account,
				field,
				{ search: filter, cursor: paginationToken },
				{ lasting },
			);
			return {
				results: items.map(({ name, value, description }) => ({
					name: description ? `${name} · ${description}` : name,
					value,
				})),
				...(next !== undefined && { paginationToken: next }),
			};
		} catch (error) {
			throw new NodeOperationError(this.getNode(), (error as Error).message);
		}
	};

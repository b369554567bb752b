import { NodeOperationError, type IDataObject, type IExecuteFunctions } from 'n8n-workflow';
import { isChannelError } from '../../core/base/errors';

export interface Failure {
	item: number;
	error: Error;
}

/** What a flow may branch on. */
export const told = (error: Error): IDataObject =>
	JSON.parse(
		JSON.stringify(isChannelError(error) ? error : { message: error.message, name: error.name }),
	) as IDataObject;

/** Our sentences alone: n8n stores an error with everything that hangs on it, and rewords some. */
export function asNodeError(
	host: IExecuteFunctions,
	failures: Failure[],
	total: number,
): Error & { description?: string | null } {
	const [first] = failures as [Failure];
	if (!isChannelError(first.error) && failures.length === 1) return first.error;
	const { message } = first.error;
	const error = new NodeOperationError(host.getNode(), message, { itemIndex: first.item });
	error.message = message;
	error.messages = [];
	const told = isChannelError(first.error) ? classOf(first.error) : null;
	error.description = total > 1 ? summary(failures, total, told) : told;
	return error;
}

const classOf = (error: Error & { class?: string; code?: string; field?: string }) =>
	[error.class, error.field, error.code].filter(Boolean).join(' · ');

/** @param alone what is told where one failed, whose sentence stands above already */
function summary(failures: Failure[], total: number, alone: string | null): string {
	const all = failures.slice(0, 10).map(({ item, error }) => `Item ${item}: ${error.message}`);
	const lines = failures.length > 1 ? all : [alone ?? []].flat();
	const more = failures.length > all.length ? [`… and ${failures.length - all.length} more`] : [];
	const others = failures.length < total ? '; the others were delivered' : '';
	return [`${failures.length} of ${total} items failed${others}.`, ...lines, ...more].join('\n');
}

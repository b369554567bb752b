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
	error.description =
		failures.length > 1 ? summary(failures, total) : isChannelError(first.error) ? classOf(first.error) : null;
	return error;
}

const classOf = (error: Error & { class?: string; code?: string; field?: string }) =>
	[error.class, error.field, error.code].filter(Boolean).join(' · ');

function summary(failures: Failure[], total: number): string {
	const lines = failures.slice(0, 10).map(({ item, error }) => `Item ${item}: ${error.message}`);
	const more = failures.length > lines.length ? [`… and ${failures.length - lines.length} more`] : [];
	const others = failures.length < total ? '; the others were delivered' : '';
	return [`${failures.length} of ${total} items failed${others}.`, ...lines, ...more].join('\n');
}

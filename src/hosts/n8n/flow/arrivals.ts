import { createHash } from 'node:crypto';
import type { IBinaryKeyData, IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { Arrival, FileFacts, Flow } from '../../../core/define/flow';
import { handoverOf } from '../../../core/deliver/flow/handover';
import { isHappeningId } from '../../../core/message/happening';

/** An item with the bytes of its files. */
export async function arrivalOf(
	host: IExecuteFunctions,
	{ isAnew }: Pick<Flow, 'isAnew'>,
	item: INodeExecutionData,
	index: number,
): Promise<Arrival> {
	const files: Record<string, FileFacts & { data: Uint8Array }> = {};
	for (const [name, { fileName, mimeType }] of Object.entries(item.binary ?? {}))
		files[name] = { name: fileName, mime: mimeType, data: await host.helpers.getBinaryDataBuffer(index, name) };
	return { id: idOf(host, item, index, isAnew), content: item.json, files, place: 'message' };
}

/**
 * Where it is known what happening an item tells of, the same one again is the same arrival, though in another
 * execution; several items that tell of it are as many. Else an execution's item is itself, however often n8n tries.
 * Where each is another, the item of an execution that is begun once more, for the same batch, is the same all the same:
 * nobody may have seen the first one through.
 */
function idOf(host: IExecuteFunctions, { json }: INodeExecutionData, index: number, isAnew = false): string {
	const run = host.getWorkflowDataProxy(0).$runIndex as number;
	const place = `${run}:${index}`;
	const { message, event } = json as Record<string, { happening?: unknown } | undefined>;
	const happening = [message?.happening, event?.happening].find(isHappeningId);
	const execution = host.getExecutionId();
	if (isAnew) return `${handoverOf(execution)?.batch ?? execution}:${place}`;
	if (happening === undefined) return `${execution}:${place}`;
	const hash = createHash('sha256').update(JSON.stringify([happening, place, json]));
	return `happening:${hash.digest('hex')}`;
}

type Read = (name: string) => Promise<Uint8Array | undefined>;

/** An item of what goes out. */
export async function itemOf(
	host: IExecuteFunctions,
	content: object,
	files: Readonly<Record<string, FileFacts>>,
	bytes: Read,
): Promise<INodeExecutionData> {
	const binary: IBinaryKeyData = {};
	for (const [name, { name: fileName, mime }] of Object.entries(files)) {
		const data = await bytes(name);
		if (data) binary[name] = await host.helpers.prepareBinaryData(Buffer.from(data), fileName ?? name, mime);
	}
	return { json: content as IDataObject, ...(Object.keys(binary).length > 0 && { binary }), pairedItem: { item: 0 } };
}

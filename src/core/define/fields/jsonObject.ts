import { invalid } from '../../base/errors';
import type { VendorJson } from '../../http/http';
import type { Text } from '../../base/language';
import { isRecord } from './mustBeRecord';

/** @throws ChannelError `Invalid(field)` for a list, a text or anything else */
export function jsonObject(value: VendorJson, field: string, label: Text): VendorJson {
	if (isRecord(value)) return value;
	throw invalid(field, { en: `“${label.en}” must be a JSON object.`, zh: `“${label.zh}”必须是 JSON 对象。` });
}

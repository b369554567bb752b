import type { Answer, Seen } from '../../service';

export const turboKey = 'SCT123456TabcdefgHIJKLmnop';
export const threeKey = 'sctp4321tabcdefghijklmnopq';

/** Says no as the services do: unknown keys, no title, titles that are too long or have two lines. */
export function pushApi({ path, method, headers, json }: Seen): Answer {
	if (method === 'GET' && path === '/push')
		return { body: { code: 0, message: '', data: { id: 7, status: 'SUCCESS' } } };
	const turbo = path === `/${turboKey}.send`;
	const older = path === '/send' && headers.host === `${threeKey}.push.ft07.com`;
	if (!turbo && !older && path !== `/send/${threeKey}.send`)
		return {
			status: 400,
			body: { code: 40001, message: 'bad pushtoken', info: '错误的Key', args: [null], scode: 460 },
		};
	if (typeof json.title !== 'string' || json.title === '' || [...json.title].length > 32 || /\n/.test(json.title))
		return { status: 400, body: { code: 20001, message: 'bad title' } };
	if (Buffer.byteLength(json.desp ?? '') > 32 * 1024)
		return { status: 400, body: { code: 20002, message: 'desp too long' } };
	return turbo
		? { body: { code: 0, message: '', data: { pushid: '7', readkey: 'RKabc', error: 'SUCCESS', errno: 0 } } }
		: {
				body: {
					code: 0,
					message: 'SUCCESS',
					errno: 0,
					data: { pushid: '9', meta: { android: null, devices: [] } },
				},
			};
}

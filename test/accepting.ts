import type { Answer, Seen } from './service';

/** Numbers that some services have for yes; 0 is that of the others. */
const yes: Readonly<Record<string, number>> = {
	bark: 200,
	wxpusher: 1000,
	mediaSaber: 20_000,
	pushPlus: 200,
	sre24: 202,
};

/** Yes in the tongue of every service. */
export function accepted(id: string, url: string, { path, json }: Seen): Answer {
	if (id === 'slackWebhook') return { body: 'ok' };
	if (id === 'webPush') return { status: 201, body: '' };
	if (id === 'vocechat')
		return { body: path.endsWith('/prepare') ? '"f1"' : path.endsWith('/upload') ? { path: 'p' } : '47' };
	const code = yes[id] ?? 0;
	return {
		body: {
			ok: true,
			success: true,
			errcode: 0,
			retcode: 0,
			code,
			status: 'ok',
			message: 'SUCCESS',
			access_token: 't',
			tenant_access_token: 't',
			expires_in: 7200,
			expire: 7200,
			media_id: 'm',
			url: 'https://example.com/stored',
			upload_url: `${url}/upload`,
			file_id: 'f',
			files: [{ id: 'f' }],
			ts: '1.2',
			id: 'i',
			// Servers that know it say it back.
			sequence_id: (json as { sequence_id?: string } | undefined)?.sequence_id,
			data:
				id === 'pushPlus'
					? 'c0de'
					: id === 'wxpusher'
						? [{ code, messageId: 1 }]
						: { message_id: 'm', image_key: 'k', file_key: 'k' },
			result: { message_id: 7, chat: { id: 1 } },
		},
	};
}

/** All that went out, in whatever way it was written. */
export function told({ path, query, form, headers, body }: Seen): string {
	// Beside a file the words may stand in headers.
	const named = [query, form, headers].flatMap((each) => Object.values(each).map(String));
	const words = [path, ...named, body.toString('latin1'), body.toString()];
	const base64 = words.flatMap((each) => each.replaceAll('base64://', '').match(/[A-Za-z0-9+/]{8,}={0,2}/g) ?? []);
	return [...words, ...base64.map((each) => Buffer.from(each, 'base64').toString('latin1'))].join('\n');
}

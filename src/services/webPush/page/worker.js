/* The worker of the page: shows what is pushed, keeps the last messages for the page, and tells what was pressed. */
'use strict';

/** The page's own address, with its key. */
const home = new URL(location.href);
home.searchParams.delete('get');
/** What the page and this worker share: the last messages, and the address that this browser is known by. */
const shelf = `carillon ${home.pathname}`;
const place = (name) => `${home.origin}${home.pathname}?kept=${name}`;
const most = 50;
const isChinese = /^zh/i.test(navigator.language);

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('push', (event) => event.waitUntil(pushed(event.data)));
self.addEventListener('notificationclick', (event) => {
	event.notification.close();
	event.waitUntil(clicked(event.notification.data ?? {}, event.action));
});
self.addEventListener('pushsubscriptionchange', (event) => event.waitUntil(subscribeAnew(event)));

async function read(name) {
	const found = await (await caches.open(shelf)).match(place(name));
	return found && (await found.json());
}

async function write(name, value) {
	await (await caches.open(shelf)).put(place(name), new Response(JSON.stringify(value)));
}

/** What comes meanwhile waits: two that change the list at once would lose one. */
let last = Promise.resolve();
function keep(message) {
	last = last
		.then(async () => {
			const others = ((await read('messages')) ?? []).filter(({ tag }) => tag !== message.tag);
			await write('messages', [message, ...others].slice(0, most));
		})
		.catch(() => undefined);
	return last;
}

function messageIn(data) {
	try {
		const message = data.json();
		if (typeof message === 'object' && message !== null) return message;
	} catch {
		// A text, from another sender.
	}
	const id = String(Date.now());
	return { id, tag: id, title: '', body: data ? data.text() : '', time: Date.now() };
}

/** Browsers take the subscription from who shows nothing. */
async function pushed(data) {
	const message = messageIn(data);
	const { id, tag, title, body, image, icon, badge, time, silent, stays, edit, buttons = [] } = message;
	const [there] = await self.registration.getNotifications({ tag });
	const isRepeat = there?.data?.id === id;
	await keep(message);
	await self.registration.showNotification(title || 'Carillon', {
		...{ body, image, tag, timestamp: time, data: message },
		icon: icon ?? `${home.href}&get=icon`,
		badge,
		silent: silent === true,
		requireInteraction: stays === true,
		renotify: there !== undefined && !isRepeat && !edit && !silent,
		actions: buttons
			.slice(0, Notification.maxActions ?? 0)
			.map(({ text }, index) => ({ action: String(index), title: text })),
	});
	for (const page of await self.clients.matchAll({ type: 'window' })) page.postMessage('kept');
}

async function clicked(message, action) {
	const button = action ? message.buttons?.[Number(action)] : undefined;
	const url = button ? button.url : (message.url ?? home.href);
	// A window may be opened for a moment after the click alone.
	const opening = url && open(url);
	if (button && (button.value !== undefined || !button.url)) await press(message, button.value ?? button.text);
	await opening;
}

async function open(url) {
	const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
	const there = pages.find((page) => page.url === url);
	if (there) return await there.focus();
	return await self.clients.openWindow(url);
}

/** @returns nothing: what is answered, or went wrong, is shown */
async function press(message, value) {
	const said = await ask({ do: 'press', value, message: message.id, tag: message.tag });
	const { error, say } = said;
	if (error !== undefined)
		await self.registration.showNotification(isChinese ? '未能送达' : 'This was not told', {
			body: [value, error].filter(Boolean).join('\n'),
			tag: `${message.tag} failed`,
		});
	else if (say) await self.registration.showNotification('Carillon', { body: say, tag: `${message.tag} answer` });
}

async function ask(what) {
	const endpoint =
		(await read('self'))?.endpoint ?? (await self.registration.pushManager.getSubscription())?.endpoint;
	try {
		const answer = await fetch(home, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ endpoint, ...what }),
		});
		const said = await answer.json().catch(() => ({}));
		return answer.ok ? said : { error: said.error ?? `HTTP ${answer.status}` };
	} catch (error) {
		return { error: String(error.message ?? error) };
	}
}

async function subscribeAnew({ oldSubscription, newSubscription }) {
	const known = (await read('self')) ?? {};
	const before = oldSubscription?.endpoint ?? known.endpoint;
	const options = oldSubscription?.options ?? { userVisibleOnly: true, applicationServerKey: known.key };
	const subscription = newSubscription ?? (await self.registration.pushManager.subscribe(options));
	const { name, tags } = known;
	await ask({ do: 'subscribe', subscription: subscription.toJSON(), before, name, tags });
	await write('self', { ...known, endpoint: subscription.endpoint });
}

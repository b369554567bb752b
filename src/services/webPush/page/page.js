'use strict';
(() => {
	const given = JSON.parse(document.getElementById('given').textContent);
	const { texts, key } = given;
	const at = (id) => document.getElementById(id);
	const home = new URL(location.href);
	home.hash = '';
	const shelf = `carillon ${home.pathname}`;
	const place = (name) => `${home.origin}${home.pathname}?kept=${name}`;
	const worker = `${home.pathname}?${new URLSearchParams({ key: home.searchParams.get('key') ?? '', get: 'worker' })}`;

	function note(text) {
		at('note').textContent = text ?? '';
		at('note').hidden = !text;
	}

	async function read(name) {
		const found = await (await caches.open(shelf)).match(place(name));
		return found && (await found.json());
	}

	async function write(name, value) {
		await (await caches.open(shelf)).put(place(name), new Response(JSON.stringify(value)));
	}

	/** @throws Error with the sentence of the server */
	async function ask(what) {
		const answer = await fetch(home, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ ...what, language: given.language }),
		});
		const said = await answer.json().catch(() => ({}));
		if (!answer.ok) throw new Error(said.error ?? `HTTP ${answer.status}`);
		return said;
	}

	const isApple =
		/iphone|ipad|ipod/i.test(navigator.userAgent) ||
		(navigator.maxTouchPoints > 1 && /mac/i.test(navigator.platform));
	const isInstalled = navigator.standalone === true || matchMedia('(display-mode: standalone)').matches;

	/** Why this browser cannot be told anything. */
	function lacking() {
		if (!isSecureContext) return texts.insecure;
		if ('serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window) return undefined;
		return isApple && !isInstalled ? texts.apple : texts.unsupported;
	}

	const bytesOf = (text) =>
		Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (sign) => sign.charCodeAt(0));

	/** “Chrome · Android”, for whoever sees the list. */
	function browserName() {
		const { userAgent } = navigator;
		const named = [
			['Edge', /edg/i],
			['Opera', /opr\//i],
			['Samsung Internet', /samsungbrowser/i],
			['Firefox', /firefox|fxios/i],
			['Chrome', /chrome|crios/i],
			['Safari', /safari/i],
		];
		const systems = [
			['Android', /android/i],
			['iOS', /iphone|ipad|ipod/i],
			['Windows', /windows/i],
			['macOS', /mac os/i],
			['Linux', /linux/i],
		];
		const found = (all) => all.find(([, pattern]) => pattern.test(userAgent))?.[0];
		return [found(named), found(systems)].filter(Boolean).join(' · ') || 'Browser';
	}

	const registered = () => navigator.serviceWorker.register(worker, { scope: home.pathname });

	async function ready() {
		const registration = await registered();
		const { installing, waiting, active } = registration;
		const coming = active ? undefined : (installing ?? waiting);
		if (coming && coming.state !== 'activated')
			await new Promise((done) =>
				coming.addEventListener('statechange', () => coming.state === 'activated' && done()),
			);
		return registration;
	}

	async function subscription(registration) {
		const { pushManager } = registration;
		const there = await pushManager.getSubscription();
		const used = there?.options?.applicationServerKey;
		const isOurs = !used || bytesOf(key).every((byte, index) => byte === new Uint8Array(used)[index]);
		if (there && isOurs) return there;
		// Of other keys: this server may not push there.
		await there?.unsubscribe();
		return await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytesOf(key) });
	}

	async function allow() {
		// Safari asks within the click alone.
		if ((await Notification.requestPermission()) !== 'granted') return show();
		const registration = await ready();
		const one = await subscription(registration);
		const [name, tags] = [at('name').value, at('tags').value];
		const before = (await read('self'))?.endpoint;
		await ask({ do: 'subscribe', subscription: one.toJSON(), before, name, tags, browser: browserName() });
		await write('self', { endpoint: one.endpoint, name, tags, key });
		await show();
		note(texts.allowed);
	}

	async function stop() {
		const self = await read('self');
		const registration = await navigator.serviceWorker.getRegistration(home.pathname);
		await (await registration?.pushManager.getSubscription())?.unsubscribe();
		if (self?.endpoint) await ask({ do: 'unsubscribe', endpoint: self.endpoint });
		await (await caches.open(shelf)).delete(place('self'));
		await show();
		note(texts.stopped);
	}

	async function test() {
		await ask({ do: 'test', endpoint: (await read('self'))?.endpoint });
		note(texts.testing);
	}

	async function show() {
		await showMessages();
		const why = lacking();
		at('allowing').hidden = why !== undefined;
		if (why) return note(why);
		const self = await read('self');
		const isOn = Notification.permission === 'granted' && self !== undefined;
		note(Notification.permission === 'denied' ? texts.denied : undefined);
		at('allow').hidden = isOn;
		for (const id of ['save', 'test', 'stop']) at(id).hidden = !isOn;
		at('name').value ||= self?.name ?? '';
		at('tags').value ||= self?.tags ?? '';
	}

	const isLink = (url) => typeof url === 'string' && /^https?:\/\//i.test(url);

	function element(name, text, more = {}) {
		return Object.assign(document.createElement(name), { textContent: text }, more);
	}

	async function press(message, { text, value, url }) {
		if (isLink(url)) open(url, '_blank', 'noreferrer');
		if (value === undefined && url) return;
		const { endpoint } = (await read('self')) ?? {};
		const { say } = await ask({
			do: 'press',
			endpoint,
			value: value ?? text,
			message: message.id,
			tag: message.tag,
		});
		note(say || texts.pressed);
	}

	function item(message) {
		const { title, body, time, url, image, level, buttons = [] } = message;
		const one = element('li', '', { className: level ?? '' });
		const when = new Date(time);
		one.append(element('time', when.toLocaleString(given.language), { dateTime: when.toISOString() }));
		if (title) one.append(element('strong', title));
		if (body) one.append(element('p', body));
		if (isLink(image))
			one.append(element('img', '', { src: image, alt: '', loading: 'lazy', referrerPolicy: 'no-referrer' }));
		if (isLink(url)) {
			const line = element('p', '');
			line.append(element('a', url, { href: url, target: '_blank', rel: 'noreferrer' }));
			one.append(line);
		}
		if (buttons.length > 0) {
			const row = element('p', '', { className: 'row' });
			for (const button of buttons)
				row.append(element('button', button.text, { onclick: doing(() => press(message, button)) }));
			one.append(row);
		}
		return one;
	}

	async function showMessages() {
		const messages = 'caches' in window ? ((await read('messages')) ?? []) : [];
		at('messages').replaceChildren(...messages.map(item));
		at('none').hidden = messages.length > 0;
	}

	/** What goes wrong is said. */
	const doing = (what) => () => {
		Promise.resolve()
			.then(what)
			.catch((error) => note(`${texts.failed} ${error.message}`));
	};

	let installing;
	addEventListener('beforeinstallprompt', (event) => {
		event.preventDefault();
		installing = event;
		at('install').hidden = false;
	});
	at('install').onclick = doing(async () => {
		await installing?.prompt();
		at('install').hidden = true;
	});
	at('allow').onclick = at('save').onclick = doing(allow);
	at('stop').onclick = doing(stop);
	at('test').onclick = doing(test);
	navigator.serviceWorker?.addEventListener('message', doing(showMessages));
	doing(async () => {
		if (!lacking()) await registered();
		await show();
	})();
})();

/**
 * What the forms of all Carillon nodes share, in the browser: typed inputs, fields that hang on others,
 * validators, and the Send test button. Each node's definition carries its fields' facts in `carillon`.
 */
window.carillon = (function () {
	const texts = {
		en: {
			missing: 'Fill in “{label}”.',
			number: '“{label}” must be a number.',
			integer: '“{label}” must be a whole number.',
			min: '“{label}” must be at least {limit}.',
			max: '“{label}” must be at most {limit}.',
			url: '“{label}” must be a web address such as https://example.com.',
			json: '“{label}” is not valid JSON.',
			choice: '“{label}” has a value that does not exist.',
			path: 'The path must start with / and hold no spaces, ? or #.',
			taken: 'The path is taken by “{other}”.',
			account: 'Choose an account first.',
			sending: 'Sending …',
			sent: 'Sent in {ms} ms.',
			parts: 'In {parts} parts.',
			degraded: 'Not shown: {what}.',
			lost: {
				attachments: 'attachments',
				buttons: 'buttons',
				code: 'code',
				cut: 'the end of a text that was too long',
				fields: 'fields',
				image: 'picture',
				level: 'level',
				link: 'links within the text',
				markup: 'formatting',
				mentions: 'mentions',
				reply: 'what it replies to',
				table: 'table',
				text: 'text',
				title: 'title',
				url: 'link',
			},
			unreachable: 'Node-RED did not answer.',
			refused: 'You may not do this here: sign in with write access.',
			old: 'Node-RED does not know this node yet: restart it.',
			copy: 'Copy',
			show: 'Show',
			none: '—',
			yes: 'Yes',
			no: 'No',
		},
		zh: {
			missing: '请填写“{label}”。',
			number: '“{label}”必须是数字。',
			integer: '“{label}”必须是整数。',
			min: '“{label}”不能小于 {limit}。',
			max: '“{label}”不能大于 {limit}。',
			url: '“{label}”必须是网址，例如 https://example.com。',
			json: '“{label}”不是有效的 JSON。',
			choice: '“{label}”的取值不存在。',
			path: '路径必须以 / 开头，且不含空格、? 或 #。',
			taken: '该路径已被“{other}”占用。',
			account: '请先选择账号。',
			sending: '发送中……',
			sent: '已发送，用时 {ms} 毫秒。',
			parts: '共 {parts} 条。',
			degraded: '未能呈现：{what}。',
			lost: {
				attachments: '附件',
				buttons: '按钮',
				code: '代码',
				cut: '超长的部分',
				fields: '字段',
				image: '图片',
				level: '级别',
				link: '正文中的链接',
				markup: '格式',
				mentions: '提醒成员',
				reply: '所回复的消息',
				table: '表格',
				text: '正文',
				title: '标题',
				url: '链接',
			},
			unreachable: 'Node-RED 没有响应。',
			refused: '没有权限：请以可写入的账号登录。',
			old: 'Node-RED 尚未加载此节点：请重启。',
			copy: '复制',
			show: '显示',
			none: '—',
			yes: '是',
			no: '否',
		},
	};
	const kept = '__PWRD__';
	const environment = /^\$\{[^}]+\}$/;
	const literals = { number: 'num', toggle: 'bool', choice: 'choice', choices: 'choices', json: 'json' };
	/** The nodes whose forms are open, by the prefix of their inputs. */
	const open = {};
	/** What the server says of the secrets that it keeps, by the node's id: `has_<name>`. */
	const stored = {};

	const language = () => (/^zh/.test(RED.i18n.lang()) ? 'zh' : 'en');

	function say(key, values) {
		return texts[language()][key].replace(/\{(\w+)\}/g, (all, name) =>
			values && name in values ? values[name] : all,
		);
	}

	const prefixOf = (node) => (node._def.category === 'config' ? 'node-config-input' : 'node-input');
	const fieldsOf = (node) => (node._def.carillon && node._def.carillon.fields) || {};
	const literalOf = (field) => literals[field.kind] || 'str';
	const labelOf = (node, name) => node._(node.type + '.field.' + name);
	/** The form's own texts are not there yet while it is being prepared. */
	const optionLabel = (node, name, value) =>
		node._(node.type + '.option.' + name + '.' + (value.replace(/[^A-Za-z0-9_-]/g, '_') || '_'));
	const input = (node, name) => $('#' + prefixOf(node) + '-' + name);
	const isOpen = (node) => open[prefixOf(node)] === node.id;

	/** What a property says now: in the open form, else in the node. */
	function valueOf(node, name) {
		const field = fieldsOf(node)[name];
		if (isOpen(node) && input(node, name).length) {
			const element = input(node, name);
			return element.attr('type') === 'checkbox' ? element.prop('checked') : element.val();
		}
		if (field && field.secret) {
			const known = node.credentials || stored[node.id];
			return known ? known[name] || (known['has_' + name] ? kept : '') : kept;
		}
		return node[name];
	}

	function typeOf(node, name) {
		const field = fieldsOf(node)[name];
		if (!field.typed) return literalOf(field);
		const element = isOpen(node) ? input(node, name + '_type') : $();
		return (element.length ? element.val() : node[name + '_type']) || literalOf(field);
	}

	const isBlank = (value) =>
		value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);

	/** A field that hangs on one whose value is known only when a message comes is shown. */
	function isShown(node, name) {
		const field = fieldsOf(node)[name];
		if (!field) return true;
		if ((field.operation || 'send') !== (valueOf(node, 'operation') || 'send')) return false;
		return holds(node, field.show);
	}

	/** Whether a trigger takes requests, as it is set now. */
	const receives = (node) => holds(node, node._def.carillon.receives);

	function holds(node, show) {
		return Object.entries(show || {}).every(([sibling, values]) => {
			const other = fieldsOf(node)[sibling];
			if (!other) return true;
			if (!isShown(node, sibling)) return false;
			if (other.typed && typeOf(node, sibling) !== literalOf(other)) return true;
			const given = valueOf(node, sibling);
			if (environment.test(given)) return true;
			const value = isBlank(given) ? other.default : given;
			return values.some((one) => String(one) === String(value));
		});
	}

	/** A validator: true, or the sentence that says what is wrong. */
	function check(node, name, value) {
		if (name === 'path') return checkPath(node, value);
		if (name === 'name') return checkSecrets(node);
		const field = fieldsOf(node)[name];
		if (!field || !isShown(node, name)) return true;
		const label = labelOf(node, name);
		const type = typeOf(node, name);
		if (isBlank(value)) return field.required ? say('missing', { label }) : true;
		if (value === kept || environment.test(value)) return true;
		if (field.typed && type !== literalOf(field))
			return RED.utils.validateTypedProperty(String(value), type, { label });
		switch (field.kind) {
			case 'number':
				return checkNumber(field, label, value);
			case 'url':
				return isUrl(value) || say('url', { label });
			case 'json':
				return isJson(value) || say('json', { label });
			case 'choice':
				return !field.options || field.options.includes(value) || say('choice', { label });
			default:
				return true;
		}
	}

	/** Their inputs show it themselves while the form is open. */
	function checkSecrets(node) {
		if (isOpen(node)) return true;
		const missing = secretsOf(node).filter((name) => isShown(node, name) && isBlank(valueOf(node, name)));
		return missing.length === 0 || missing.map((name) => say('missing', { label: labelOf(node, name) })).join(' ');
	}

	/** Those that a node cannot do without. */
	const secretsOf = (node) =>
		Object.entries(fieldsOf(node))
			.filter(([, field]) => field.secret && field.required)
			.map(([name]) => name);

	/** The editor itself asks for what the server keeps only when a form is opened. */
	function askForSecrets(nodes) {
		for (const node of nodes) {
			if (secretsOf(node).length === 0) continue;
			$.getJSON('credentials/' + node.type + '/' + node.id).done((known) => {
				stored[node.id] = known;
				if (isOpen(node)) return;
				for (const each of [node, ...(node.users || [])]) RED.editor.validateNode(each);
				RED.sidebar.config.refresh();
				RED.view.redraw();
			});
		}
	}

	let arrived = [];
	function arrive(node) {
		if (arrived.length === 0) {
			// Those that refer to it come in the same turn.
			setTimeout(() => {
				const nodes = arrived;
				arrived = [];
				askForSecrets(nodes.filter((one) => !one.credentials && RED.nodes.node(one.id)));
			}, 0);
		}
		arrived.push(node);
	}

	function watch() {
		const ours = (node) => node._def && node._def.carillon;
		RED.events.on('nodes:add', (node) => ours(node) && arrive(node));
		// What was typed has gone to the server, and the editor forgets it.
		RED.events.on('deploy', () => {
			const nodes = [];
			RED.nodes.eachNode((node) => ours(node) && nodes.push(node));
			RED.nodes.eachConfig((node) => ours(node) && nodes.push(node));
			askForSecrets(nodes);
		});
	}
	if (RED.events) watch();

	function checkNumber(field, label, value) {
		const number = Number(value);
		if (String(value).trim() === '' || !Number.isFinite(number)) return say('number', { label });
		if (field.integer && !Number.isInteger(number)) return say('integer', { label });
		if (field.min !== undefined && number < field.min) return say('min', { label, limit: field.min });
		if (field.max !== undefined && number > field.max) return say('max', { label, limit: field.max });
		return true;
	}

	/** A bare host counts: it gets https:// when it is read. */
	function isUrl(value) {
		const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : 'https://' + value;
		try {
			return /^https?:$/.test(new URL(whole.trim()).protocol);
		} catch {
			return false;
		}
	}

	function isJson(value) {
		if (typeof value !== 'string') return true;
		try {
			JSON.parse(value);
			return true;
		} catch {
			return false;
		}
	}

	const normalised = (path) =>
		('/' + path)
			.replace(/\/{2,}/g, '/')
			.replace(/(.)\/$/, '$1')
			.toLowerCase();

	function checkPath(node, value) {
		if (!receives(node)) return true;
		if (!/^\/[^\s?#]*$/.test(value || '')) return say('path');
		const other = ownerOf(value, node);
		return other ? say('taken', { other: other.name || other.id }) : true;
	}

	function ownerOf(path, except) {
		let owner;
		RED.nodes.eachNode((other) => {
			if (
				other.id !== except.id &&
				!other.d &&
				other._def.carillon &&
				other._def.carillon.paths &&
				normalised(other.path) === normalised(path)
			)
				owner = owner || other;
		});
		return owner;
	}

	/** The palette's search looks at this alone. */
	function shelved(type, aliases) {
		const shelf = $('.red-ui-palette-node[data-palette-type="' + type + '"]');
		shelf.attr('data-palette-label', (index, label) => label + ' ' + aliases);
	}

	/** A new trigger gets a path that is free. */
	function added(node) {
		if (!node.path || !ownerOf(node.path, node)) return;
		const stem = node.path.replace(/-\d+$/, '');
		let number = 2;
		while (ownerOf(stem + '-' + number, node)) number++;
		node.path = stem + '-' + number;
		// What is pasted was judged with the path that it came with.
		RED.editor.validateNode(node);
	}

	function prepare(node) {
		open[prefixOf(node)] = node.id;
		const form = input(node, 'name').closest('.carillon-form');
		fillIn(node);
		for (const [name, field] of Object.entries(fieldsOf(node))) {
			if (field.typed) makeTyped(node, name, field);
		}
		form.find('.carillon-secret').each(function () {
			makeSecret($(this));
		});
		form.find('select[multiple]').each(function () {
			makeChoices(node, $(this));
		});
		// A new account speaks as the editor does.
		if (node._def.category === 'config' && !RED.nodes.node(node.id)) input(node, 'language').val(language());
		makeFailures(node);
		makeUrls(node, form);
		makePreview(node, form);
		form.find('.carillon-test').on('click', function (event) {
			event.preventDefault();
			sendTest(node, form);
		});
		const update = () => {
			for (const name of Object.keys(fieldsOf(node)))
				form.find('[data-field="' + name + '"]').toggle(isShown(node, name));
			for (const name of ['path', 'usual', 'urls'])
				form.find('[data-field="' + name + '"]').toggle(receives(node));
			form.find('.carillon-section').each(function () {
				const section = $(this);
				section.toggle(
					section
						.find('.carillon-row')
						.toArray()
						.some((row) => row.style.display !== 'none'),
				);
			});
		};
		form.on('change', 'input, select, textarea', update);
		update();
		// It was another form that had been sent with.
		form.on('input change', 'input, select, textarea', (event) => {
			if (!$(event.target).closest('.carillon-test-row').length) showResult(form, '', '');
		});
		// A field that is wrong must not hide in a folded section.
		setTimeout(() => form.find('.carillon-section:has(.input-error)').prop('open', true), 0);
	}

	/** An older flow lacks newer fields: what it lacks is its default, and the form shows that. */
	function fillIn(node) {
		for (const [name, { value }] of Object.entries(node._def.defaults)) {
			if (node[name] !== undefined || value === undefined || value === '') continue;
			const element = input(node, name);
			if (element.attr('type') === 'checkbox') element.prop('checked', value);
			else element.val(value);
		}
	}

	function leave(node) {
		if (isOpen(node)) delete open[prefixOf(node)];
	}

	function makeTyped(node, name, field) {
		const element = input(node, name);
		const kind = input(node, name + '_type');
		const literal = literalOf(field);
		if (!kind.val()) kind.val(literal);
		const others = ['msg', 'flow', 'global', 'env', 'jsonata'];
		if (field.kind === 'multiline') return makeMultiline(element, kind, others);
		const several = field.kind === 'list' || field.kind === 'secrets' ? ['json'] : [];
		element.typedInput({ typeField: kind, types: [ownType(node, name, field, literal), ...several, ...others] });
	}

	function ownType(node, name, field, literal) {
		if (literal === 'bool') {
			const options = [
				{ value: 'true', label: say('yes') },
				{ value: 'false', label: say('no') },
			];
			return { value: 'bool', label: labelOf(node, name), icon: 'red/images/typedInput/bool.svg', options };
		}
		if (literal !== 'choice' && literal !== 'choices') {
			if (literal !== 'num' || field.required) return literal;
			// Node-RED's own number is wrong when it is empty.
			return {
				value: 'num',
				label: RED._('typedInput.type.num', { defaultValue: 'number' }),
				icon: 'red/images/typedInput/09.svg',
				validate: (value) => value === '' || isFinite(value),
			};
		}
		const options = field.options.map((value) => ({ value, label: optionLabel(node, name, value) }));
		if (field.optional) options.unshift({ value: '', label: say('none') });
		return {
			value: literal,
			label: labelOf(node, name),
			icon: 'fa fa-list-ul',
			options,
			multiple: literal === 'choices',
		};
	}

	/** The choice of type above, and the text of several lines beneath it. */
	function makeMultiline(element, kind, others) {
		const picker = element.siblings('.carillon-picker');
		const text = {
			value: 'str',
			label: RED._('typedInput.type.str', { defaultValue: 'string' }),
			icon: 'red/images/typedInput/az.svg',
			hasValue: false,
		};
		let written = kind.val() === 'str' ? element.val() : '';
		picker.val(kind.val() === 'str' ? '' : element.val());
		let before = kind.val();
		picker.typedInput({ typeField: kind, types: [text, ...others] });
		const update = () => {
			const type = picker.typedInput('type');
			if (before === 'str' && type !== 'str') written = element.val();
			if (type !== 'str') element.val(picker.typedInput('value'));
			else if (before !== 'str') element.val(written);
			before = type;
			element.toggle(type === 'str').trigger('change');
		};
		picker.on('change', update);
		update();
	}

	/** A button that shows what is being typed; what is kept on the server is not here to be shown. */
	function makeSecret(element) {
		element.wrap('<div class="carillon-secret-wrap"></div>');
		const eye = $(
			'<button type="button" class="red-ui-button red-ui-button-small"><i class="fa fa-eye"></i></button>',
		).attr({ title: say('show'), 'aria-label': say('show') });
		eye.insertAfter(element).on('click', () => {
			if (element.is('textarea')) element.toggleClass('carillon-open');
			else element.attr('type', element.attr('type') === 'password' ? 'text' : 'password');
		});
		const update = () =>
			eye.prop('disabled', element.val() === kept).toggleClass('disabled', element.val() === kept);
		element.on('focus', () => element.val() === kept && element.trigger('select'));
		element.on('change keyup paste', update);
		update();
	}

	/** Boxes to tick in place of a list in which a click takes back all others. */
	function makeChoices(node, select) {
		const name = select.closest('[data-field]').data('field');
		const boxes = $('<div class="carillon-choices"></div>');
		select
			.find('option')
			.toArray()
			.forEach((option) => {
				const box = $('<input type="checkbox">').prop('checked', option.selected);
				box.on('change', () => {
					option.selected = box.prop('checked');
					select.trigger('change');
				});
				boxes.append($('<label>').append(box, $('<span>').text(optionLabel(node, name, option.value))));
			});
		select.hide().after(boxes);
	}

	function makeFailures(node) {
		const box = input(node, 'failures');
		if (!box.length) return;
		const outputs = input(node, 'outputs');
		const update = () => outputs.val(box.prop('checked') ? 2 : 1);
		box.on('change', update);
		update();
	}

	/** The addresses to give to senders. */
	function makeUrls(node, form) {
		const { paths } = node._def.carillon;
		if (!paths) return;
		const root = location.origin + (RED.settings.httpNodeRoot || '/').replace(/\/?$/, '/');
		const update = () => {
			const usual = input(node, 'usual').prop('checked') ? paths : [];
			const rows = [input(node, 'path').val(), ...usual].map((path) => {
				const url = root + String(path || '').replace(/^\//, '');
				const copy = $(
					'<button type="button" class="red-ui-button red-ui-button-small"><i class="fa fa-clipboard"></i></button>',
				).attr({ title: say('copy'), 'aria-label': say('copy') });
				copy.on('click', () => RED.clipboard.copyText(url, copy));
				return $('<div>').append($('<code>').text(url), copy);
			});
			form.find('.carillon-addresses').empty().append(rows);
		};
		form.on('change keyup', '#node-input-path, #node-input-usual', update);
		update();
	}

	/** An account's form as it stands, or as another form left it. */
	function accountValues(account) {
		const values = {};
		for (const name of Object.keys(fieldsOf(account))) values[name] = valueOf(account, name);
		return values;
	}

	function sendTest(node, form) {
		const { channel, account: type } = node._def.carillon;
		const asked = { options: {} };
		let account = node;
		if (type) {
			account = RED.nodes.node(input(node, 'account').val());
			if (!account && node._def.defaults.account.required !== false)
				return showResult(form, 'bad', say('account'));
			for (const [name, field] of Object.entries(fieldsOf(node))) {
				if (
					!field.part &&
					!field.operation &&
					!field.secret &&
					isShown(node, name) &&
					typeOf(node, name) === literalOf(field)
				)
					asked.options[field.key || name] = valueOf(node, name);
			}
		}
		if (account) Object.assign(asked, { account: account.id, values: accountValues(account) });
		showResult(form, '', say('sending'));
		const button = form.find('.carillon-test').prop('disabled', true).addClass('disabled');
		// Without a slash in front, so that the editor's own login goes along.
		$.ajax({
			url: 'carillon-editor/' + channel + '/test',
			method: 'POST',
			contentType: 'application/json',
			headers: { 'Accept-Language': language() },
			data: JSON.stringify(asked),
		})
			.done((receipt) => showResult(form, 'good', describe(receipt)))
			.fail((request) => showResult(form, 'bad', complaint(request)))
			.always(() => button.prop('disabled', false).removeClass('disabled'));
	}

	function describe(receipt) {
		return [
			say('sent', { ms: receipt.ms }),
			receipt.parts > 1 ? say('parts', { parts: receipt.parts }) : '',
			receipt.degraded.length ? say('degraded', { what: lost(receipt.degraded) }) : '',
			...receipt.warnings,
			receipt.ids.length ? 'ID: ' + receipt.ids.join(', ') : '',
		]
			.filter(Boolean)
			.join(' ');
	}

	function lost(parts) {
		const { lost: names } = texts[language()];
		return parts.map((part) => names[part] || part).join(language() === 'zh' ? '、' : ', ');
	}

	/** What the templates make of a sample, in the account's language, which messages are written in. */
	function makePreview(node, form) {
		const { preview } = node._def.carillon;
		if (!preview) return;
		const sample = form.find('.carillon-sample');
		const result = form.find('.carillon-preview-result');
		let latest;
		const ask = () => {
			const account = RED.nodes.node(input(node, 'account').val());
			const asked = { sample: sample.val(), options: {}, language: account && valueOf(account, 'language') };
			for (const [name, field] of Object.entries(fieldsOf(node)))
				if (preview.fields.includes(field.key || name)) asked.options[field.key || name] = valueOf(node, name);
			const request = $.ajax({
				url: 'carillon-editor/' + preview.trigger + '/preview',
				method: 'POST',
				contentType: 'application/json',
				headers: { 'Accept-Language': language() },
				data: JSON.stringify(asked),
			});
			latest = request;
			request
				.done((shown) => latest === request && result.empty().append(paper(shown)))
				.fail(() => {
					if (latest !== request) return;
					const { problem } = request.responseJSON || {};
					const why = problem ? problem[language()] : complaint(request);
					result.empty().append($('<div class="carillon-bad">').text(why));
				});
		};
		form.find('.carillon-preview').on('click', function (event) {
			event.preventDefault();
			ask();
		});
		sample.on('change', () => latest && ask());
	}

	/** The HTML is the server's own printing of Markdown, in which everything else is escaped. */
	function paper({ title, html, fields }) {
		const sheet = $('<div class="carillon-paper">');
		if (title) sheet.append($('<div class="carillon-paper-title">').text(title));
		sheet.append($('<div>').html(html));
		for (const { name, value } of fields)
			sheet.append($('<div>').append($('<b>').text(name + ': '), document.createTextNode(value)));
		sheet.find('a').attr({ target: '_blank', rel: 'noopener noreferrer' });
		return sheet;
	}

	function complaint(request) {
		const said = request.responseJSON;
		if (said && said.message) return said.message;
		if (request.status === 401 || request.status === 403) return say('refused');
		return request.status === 404 ? say('old') : say('unreachable');
	}

	function showResult(form, kind, text) {
		form.find('.carillon-test-result')
			.removeClass('carillon-good carillon-bad')
			.addClass(kind && 'carillon-' + kind)
			.text(text);
	}

	return { check, prepare, leave, added, shelved };
})();

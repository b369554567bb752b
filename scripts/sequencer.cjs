const Sequencer = require('@jest/test-sequencer').default;

/** Those that start whole processes or let an hour pass, longest first: begun last they would be waited for alone. */
const long = [
	'test/laws/holdsUp',
	'test/core/sockets/outage',
	'test/core/markup/examples',
	'test/services/desktop/',
	'test/services/mail/email',
	'test/core/http/http',
	'test/patterns',
	'test/core/markup/longRuns',
	'test/hosts/node-red/',
	'test/hosts/n8n/',
	'test/laws/',
];

/** Jest's own order knows how long each took the last time; on a fresh clone there was none. */
module.exports = class extends Sequencer {
	sort(tests) {
		const rank = ({ path }) => {
			const at = long.findIndex((each) => path.replaceAll('\\', '/').includes(each));
			return at < 0 ? long.length : at;
		};
		return super.sort(tests).sort((one, other) => rank(one) - rank(other));
	}
};

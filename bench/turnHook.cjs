// Loaded before Node-RED (NODE_OPTIONS): tells, on request, the longest turn of its event loop since it was last asked.
'use strict';
const { createServer } = require('node:http');

/** ms of its own thread's work: what other programs take of a busy machine is nobody's turn. */
const worked = () => {
	const { user, system } = process.threadCpuUsage();
	return (user + system) / 1000;
};
let last = worked();
let longest = 0;
setInterval(() => {
	const now = worked();
	longest = Math.max(longest, now - last);
	last = now;
}, 1).unref();

let most = 0;
const watch = () => (most = Math.max(most, process.memoryUsage.rss()));
setInterval(watch, 20).unref();

const server = createServer((_, response) => {
	watch();
	response.end(JSON.stringify({ longest, rss: most }));
	[longest, most] = [0, 0];
});
// Whatever Node-RED starts beside itself loads this too, and is not asked.
server.on('error', () => {});
server.listen(Number(process.env.CARILLON_TURNS_PORT), '127.0.0.1');
server.unref();

// Loaded before Node-RED (NODE_OPTIONS): tells, on request, the longest turn of its event loop since it was last asked.
'use strict';
const { createServer } = require('node:http');
const { monitorEventLoopDelay } = require('node:perf_hooks');

const turns = monitorEventLoopDelay({ resolution: 1 });
turns.enable();
let most = 0;
const watch = () => (most = Math.max(most, process.memoryUsage.rss()));
setInterval(watch, 20).unref();

const server = createServer((_, response) => {
	watch();
	response.end(JSON.stringify({ longest: turns.max / 1e6, rss: most }));
	turns.reset();
	most = 0;
});
// Whatever Node-RED starts beside itself loads this too, and is not asked.
server.on('error', () => {});
server.listen(Number(process.env.CARILLON_TURNS_PORT), '127.0.0.1');
server.unref();

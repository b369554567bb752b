// The other end of a benchmark: says yes to every request, in a process of its own.
'use strict';
const { createServer } = require('node:http');

const yes = JSON.stringify({
	code: 200,
	message: 'success',
	errno: 0,
	errcode: 0,
	errmsg: 'ok',
	success: true,
	ok: true,
});

const server = createServer((request, response) => {
	request.resume();
	request.on('end', () => {
		// ServerChan's yes is 0, Bark's is 200.
		const body = request.url.endsWith('.send') ? yes.replace('"code":200', '"code":0') : yes;
		response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
		response.end(body);
	});
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.send(server.address().port));
process.on('disconnect', () => process.exit());

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

/** Whose yes is not 200, as Bark's is: ServerChan and sre24. */
const codes = [
	['.send', 0],
	['/api/v1/push', 202],
];

const server = createServer((request, response) => {
	request.resume();
	request.on('end', () => {
		const code = codes.find(([path]) => request.url.endsWith(path));
		const body = code ? yes.replace('"code":200', `"code":${code[1]}`) : yes;
		response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
		response.end(body);
	});
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.send(server.address().port));
process.on('disconnect', () => process.exit());

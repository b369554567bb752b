// Loaded before Node-RED: tells its parent, on request, what lives after a collection.
process.on('message', () => {
	globalThis.gc();
	globalThis.gc();
	const { rss, heapUsed, external } = process.memoryUsage();
	process.send({ rss, heap: heapUsed + external });
});

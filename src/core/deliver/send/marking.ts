import { isRepeatable, type Http } from '../../http/http';

/**
 * HTTP that says before each request that what it does cannot be told apart from having done it twice. One that may be
 * repeated (GET, or with a key by which the service knows it again) leaves no doubt, whenever the process ends.
 * @param mark rejects where that could not be noted; nothing is sent then
 */
export const markingHttp = (http: Http, mark: () => Promise<void>): Http => ({
	get: async (path, ask) => {
		if (!isRepeatable('GET', ask)) await mark();
		return await http.get(path, ask);
	},
	post: async (path, ask) => {
		if (!isRepeatable('POST', ask)) await mark();
		return await http.post(path, ask);
	},
	call: async (method, path, ask) => {
		if (!isRepeatable(method, ask)) await mark();
		return await http.call(method, path, ask);
	},
});

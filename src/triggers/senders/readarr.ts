import { isRecord, items, record, text } from './reading';
import { defineServarr, readThing } from './servarr';

export const readarr = defineServarr({
	id: 'readarr',
	name: 'Readarr',
	own: ['author', 'book', 'books', 'bookFiles', 'bookFile'],
	ownEvents: /^(?:Book|Author)/i,

	item(body) {
		if (!isRecord(body.author) && !isRecord(body.book)) return {};
		const author = record(body.author);
		const books = isRecord(body.book) ? [body.book] : items(body.books).map(record);
		const [book] = books;
		const name = text(author.name, author.authorName);
		if (!book) return { item: readThing('artist', author), count: items(body.bookFiles).length };
		return { item: readThing('book', book, { artist: name, path: text(author.path) }), count: books.length };
	},
});

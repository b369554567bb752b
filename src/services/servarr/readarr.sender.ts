import { isRecord, items, record, text, year } from '../../core/receive/reading';
import { readarrSamples } from './samples';
import { defineServarr, readThing } from './servarr';

export const readarr = defineServarr({
	id: 'readarr',
	name: 'Readarr',
	samples: readarrSamples,
	own: ['author', 'book', 'books', 'bookFiles', 'bookFile'],
	ownEvents: /^(?:Book|Author)/i,

	item(body) {
		if (!isRecord(body.author) && !isRecord(body.book)) return {};
		const author = record(body.author);
		const books = isRecord(body.book) ? [body.book] : items(body.books).map(record);
		const [book] = books;
		const name = text(author.name, author.authorName);
		const files = items(body.bookFiles).map(record);
		// Older builds name the files alone: each book lies in a folder of its own, "Title (Year)".
		const folder = text(files[0]?.path)?.replace(/[/\\][^/\\]*$/, '');
		if (!book && folder)
			return { item: readThing('book', { path: folder }, { artist: name }), count: files.length };
		if (!book) return { item: readThing('artist', author) };
		return {
			item: readThing('book', book, {
				artist: name,
				year: year(text(book.releaseDate)?.slice(0, 4)),
				path: text(author.path),
			}),
			count: books.length,
		};
	},
});

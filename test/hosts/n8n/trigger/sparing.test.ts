import { sparing } from '../../../../src/hosts/n8n/trigger/sparing';

test('so many lines in a while for each node; what was left out is told with the next', () => {
	let now = 0;
	const lines: string[] = [];
	const say = sparing(2, 1_000, () => now);
	const write = (line: string) => void lines.push(line);
	for (let i = 0; i < 5; i++) say('a', `a${i}`, write);
	say('b', 'b', write);
	expect(lines).toEqual(['a0', 'a1', 'b']);
	now = 1_000;
	say('a', 'a5', write);
	say('a', 'a6', write);
	expect(lines.slice(3)).toEqual(['a5 (3 more like this were left out here)', 'a6']);
});

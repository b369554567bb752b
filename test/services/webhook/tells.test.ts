import type { Sender } from '../../../src/core/define/sender';
import { eventSubjects, eventTypes, isEventType, type MediaEvent } from '../../../src/core/message/event';
import { senders } from '../../../src/services/senders';
import { knownBodies } from '../../laws/bodies';
import { receive } from './receiving';

const all = senders as readonly Sender[];
const bodies = knownBodies(all.map(({ id }) => id));

test.each(all.map((sender): [string, Sender] => [sender.id, sender]))(
	'%s tells nothing that its form would hide',
	(id, { tells }) => {
		const own = bodies.filter(({ sender }) => sender === id);
		const told = own.flatMap(({ value }) => {
			try {
				return receive(value, { options: { sender: id } }).events.map(
					({ event }) => (event as MediaEvent).type,
				);
			} catch {
				// A body that is refused on purpose tells nothing.
				return [];
			}
		});
		const known = [...new Set(told)].filter((type) => isEventType(type) && type !== 'message');
		if (tells) expect(tells).toEqual(expect.arrayContaining(known));
		if (tells) expect(own.length).toBeGreaterThan(0);
	},
);

test('every event belongs to a subject', () => {
	for (const type of Object.keys(eventTypes)) expect(eventSubjects).toHaveProperty(type.split('.')[0]!);
});

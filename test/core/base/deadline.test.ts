import { Deadline } from '../../../src/core/base/deadline';

test('tells listeners and the signal alike, whether that was asked for before or after', async () => {
	const host = new AbortController();
	const deadline = new Deadline(0.02, host.signal);
	const early = deadline.signal;
	const reason = await new Promise((resolve) => deadline.addEventListener('abort', () => resolve(deadline.reason)));
	expect(reason).toMatchObject({ class: 'Unreachable', code: 'DEADLINE' });
	expect(early.reason).toBe(reason);

	const late = new Deadline(30, host.signal);
	host.abort();
	expect(late.signal.reason).toBe(late.reason);
	expect(late.reason).toMatchObject({ code: 'CANCELLED' });
	late.end();
	expect(() => new Deadline(30, host.signal)).toThrow('cancelled');
});

test('is silent once it has ended, and to those who left', async () => {
	const host = new AbortController();
	const deadline = new Deadline(0.02, host.signal);
	const heard = jest.fn();
	deadline.addEventListener('abort', heard);
	deadline.removeEventListener('abort', heard);
	deadline.end();
	host.abort();
	await new Promise((resolve) => setTimeout(resolve, 40));
	expect(deadline.aborted).toBe(false);
	expect(heard).not.toHaveBeenCalled();
});

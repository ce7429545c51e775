import { expect, it } from 'vitest';
import { createReporter, type OperationalEvent } from '../../src/index.ts';

it('hands each event to the listener', () => {
  const events: OperationalEvent[] = [];
  createReporter((event) => events.push(event))({ type: 'keys_loaded', count: 2 });
  expect(events).toEqual([{ type: 'keys_loaded', count: 2 }]);
});

it('ignores what the listener throws, and a missing listener', () => {
  const failing = createReporter(() => {
    throw new Error('the log is full');
  });
  expect(() => failing({ type: 'keys_loaded' })).not.toThrow();
  expect(() => createReporter()({ type: 'keys_loaded' })).not.toThrow();
});

it('ends no process where an asynchronous listener rejects', async () => {
  const unhandled: unknown[] = [];
  const note = (error: unknown) => unhandled.push(error);
  process.on('unhandledRejection', note);
  createReporter(async () => {
    throw new Error('the log is full');
  })({ type: 'keys_loaded' });
  await new Promise((resolve) => setTimeout(resolve, 20));
  process.off('unhandledRejection', note);

  expect(unhandled).toEqual([]);
});

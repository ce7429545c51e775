import { expect, it } from 'vitest';
import { createReporter, type OperationalEvent } from '../src/index.ts';

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

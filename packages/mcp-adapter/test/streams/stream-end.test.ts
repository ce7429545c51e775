import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { endWithLease, type StreamWriter } from '../../src/streams/stream-end.ts';
import type { StreamLease } from '../../src/streams/stream-lease.ts';

function setUp(isOfCall: boolean, headersSent: boolean, closed = false) {
  const calls: string[] = [];
  const state = { headersSent };
  const response = Object.assign(new EventEmitter(), {
    closed,
    end: () => void calls.push('end'),
    destroy: () => void calls.push('destroy'),
  });
  let end: () => unknown = () => expect.unreachable();
  const lease: StreamLease = {
    isOfCall,
    watch(ends) {
      end = ends;
      return () => void calls.push('stop');
    },
    release() {},
  };
  endWithLease(
    Object.defineProperty(response, 'headersSent', {
      get: () => state.headersSent,
    }) as unknown as StreamWriter,
    lease,
  );
  return { calls, state, response, end: () => end() };
}

it('MCP-06: a call whose answer has not begun when its token ends may finish', () => {
  const { calls, state, end } = setUp(true, false);

  expect(end()).toBe(false);
  expect(calls).toEqual([]);
  state.headersSent = true;
  expect(end()).toBe(true);
  expect(calls).toEqual(['end']);
});

it.each([
  ['has begun', true, 'end'],
  ['has not begun', false, 'destroy'],
])('MCP-06: a stream that %s ends with its token', (_which, headersSent, expected) => {
  const { calls, end } = setUp(false, headersSent);

  expect(end()).toBe(true);
  expect(calls).toEqual([expected]);
});

it('stops watching a response at once that has closed already', () => {
  const { calls } = setUp(false, true, true);

  expect(calls).toEqual(['stop']);
});

it('stops watching when the response closes', () => {
  const { calls, response } = setUp(false, true);
  response.emit('close');

  expect(calls).toEqual(['stop']);
});

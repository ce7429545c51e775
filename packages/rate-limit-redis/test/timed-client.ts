import type { RedisClient } from '../src/index.ts';

/** A clock that a test moves, in milliseconds. */
export interface TestClock {
  milliseconds: number;
}

/**
 * Runs the scripts as they are in a real Redis, but for its clock. Keys still expire by that of the
 * machine, much later.
 */
export function withClock(client: RedisClient, clock: TestClock): RedisClient {
  return {
    eval(script, numberOfKeys, ...rest) {
      const microseconds = Math.round(clock.milliseconds * 1_000);
      const seconds = Math.floor(microseconds / 1_000_000);
      const time = `{ '${seconds}', '${microseconds - seconds * 1_000_000}' }`;
      return client.eval(script.replace("redis.call('TIME')", time), numberOfKeys, ...rest);
    },
    evalsha: () => Promise.reject(new Error('NOSCRIPT')),
  };
}

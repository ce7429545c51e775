/** A clock that a test moves: hours of a model pass in a moment. */
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../src/questions/clock.ts';

export interface VirtualClock extends Clock {
  /** Lets time pass, and everything happen that was due. */
  advance(milliseconds: number): Promise<void>;
}

export function createVirtualClock(): VirtualClock {
  const timers = new Set<{ readonly at: number; readonly callBack: () => void }>();
  let time = 0;

  const nextDue = (until: number) =>
    [...timers]
      .filter(({ at }) => at <= until)
      .reduce<{ at: number; callBack: () => void } | undefined>(
        (first, timer) => (first === undefined || timer.at < first.at ? timer : first),
        undefined,
      );

  return {
    monotonicNow: () => time,

    after(milliseconds, callBack) {
      const timer = { at: time + milliseconds, callBack };
      timers.add(timer);
      return () => void timers.delete(timer);
    },

    async advance(milliseconds) {
      const until = time + milliseconds;
      await setImmediate();
      for (let timer = nextDue(until); timer !== undefined; timer = nextDue(until)) {
        timers.delete(timer);
        time = Math.max(time, timer.at);
        timer.callBack();
        await setImmediate();
      }
      time = until;
      await setImmediate();
    },
  };
}

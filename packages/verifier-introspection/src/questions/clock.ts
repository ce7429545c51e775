/** The clock and the timers of the scheduler. Tests pass a clock that they control. */
export interface Clock {
  /** Monotonic, in milliseconds from any start. */
  readonly monotonicNow: () => number;
  /** Calls back once, after so many milliseconds. Returns a function that cancels the call. */
  readonly after: (milliseconds: number, callBack: () => void) => () => void;
}

/** Timers of the runtime. They do not keep the process alive. */
export function createClock(monotonicNow: () => number): Clock {
  return {
    monotonicNow,
    after(milliseconds, callBack) {
      const timer = setTimeout(callBack, milliseconds);
      timer.unref();
      return () => clearTimeout(timer);
    },
  };
}

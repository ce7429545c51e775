/** A clock that moves only when a test moves it. */
export interface ManualClock {
  readonly now: () => number;
  /** Resolves when the clock has moved so far. Rejects when the signal aborts. */
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Moves the clock without firing a timer. */
  set(milliseconds: number): void;
  /** How long each pending timer was asked to wait, in order of their ends. */
  timers(): readonly number[];
  /** Waits for a timer, moves the clock to its end, fires it, and returns the time. */
  fireNext(): Promise<number>;
}

interface Timer {
  readonly endsAt: number;
  readonly milliseconds: number;
  readonly fire: () => void;
}

/** Creates a clock at time 0. */
export function createManualClock(): ManualClock {
  const pending = new Set<Timer>();
  const inOrder = () => [...pending].sort((one, other) => one.endsAt - other.endsAt);
  let time = 0;

  return {
    now: () => time,
    wait: (milliseconds, signal) =>
      new Promise<void>((resolve, reject) => {
        const timer: Timer = { endsAt: time + milliseconds, milliseconds, fire: resolve };
        pending.add(timer);
        signal.addEventListener('abort', () => {
          pending.delete(timer);
          reject(signal.reason);
        });
      }),
    set(milliseconds) {
      time = milliseconds;
    },
    timers: () => inOrder().map(({ milliseconds }) => milliseconds),
    async fireNext() {
      await until(() => pending.size > 0);
      const timer = inOrder()[0] as Timer;
      pending.delete(timer);
      time = timer.endsAt;
      timer.fire();
      // The code that waited for the timer goes on in steps of its own.
      await new Promise((resolve) => setTimeout(resolve, 0));
      return time;
    },
  };
}

/** Waits for what happens in the background. The time limit of the test ends it. */
export async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await new Promise((resolve) => setTimeout(resolve, 2));
}

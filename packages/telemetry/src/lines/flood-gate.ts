/** Keeps a flood of refusals from becoming a flood of lines, and says what it kept back. */

/** How many were kept back, and of what. */
export interface Suppression {
  readonly reason: string;
  readonly suppressed: number;
}

/** Counts lines per reason. */
export interface FloodGate {
  /** Whether this one is to be written. */
  admit(reason: string): boolean;
  /** What was kept back in seconds that are over, once. */
  settle(): readonly Suppression[];
  /** What was kept back until now, once. */
  settleAll(): readonly Suppression[];
}

interface Window {
  readonly start: number;
  count: number;
}

const windowMs = 1_000;

/** @param perSecond Lines of one reason that are written in one second. */
export function createFloodGate(perSecond: number, now: () => number): FloodGate {
  const windows = new Map<string, Window>();

  function take(isOver: (window: Window) => boolean): readonly Suppression[] {
    const taken: Suppression[] = [];
    for (const [reason, window] of windows) {
      if (!isOver(window)) continue;
      windows.delete(reason);
      const suppressed = window.count - perSecond;
      if (suppressed > 0) taken.push({ reason, suppressed });
    }
    return taken;
  }

  return {
    admit(reason) {
      const window = windows.get(reason) ?? { start: now(), count: 0 };
      windows.set(reason, window);
      window.count += 1;
      return window.count <= perSecond;
    },
    settle() {
      const time = now();
      // A clock that was set back must not keep a window open until it is there again.
      return take(({ start }) => time < start || time - start >= windowMs);
    },
    settleAll: () => take(() => true),
  };
}

/** How fast to send: slower while the machine is late, so that the load does not cause what it measures. */

const lateMs = 250;
const slowestPerSecond = 1;

/** Says how many requests are due. */
interface Pace {
  /**
   * @param elapsedMs Time since the last call.
   * @param lagMs How late the machine is now.
   */
  due(elapsedMs: number, lagMs: number): number;
}

/** @param perSecond The highest rate. It is halved while the machine is late, at most once in a second. */
export function createPace(perSecond: number): Pace {
  let rate = perSecond;
  let owed = 0;
  let sinceChangeMs = 0;
  return {
    due(elapsedMs, lagMs) {
      sinceChangeMs += elapsedMs;
      if (sinceChangeMs >= 1_000) {
        sinceChangeMs = 0;
        const next = lagMs > lateMs ? rate / 2 : rate * 1.25;
        rate = Math.min(perSecond, Math.max(slowestPerSecond, next));
      }
      // What is late is not sent in one go afterwards.
      owed = Math.min(owed + (rate * elapsedMs) / 1_000, 2);
      const count = Math.floor(owed);
      owed -= count;
      return count;
    },
  };
}

/** Bounds how many requests go on at once, for all callers and for each. */

/** Counts requests. */
export interface RequestsUnderWay {
  /**
   * Counts a request of this caller.
   *
   * @returns Ends it. To be called once. `busy`: all callers together have too many. `exceeded`: this caller has.
   */
  begin(caller: string): (() => void) | 'busy' | 'exceeded';
}

// So that one caller cannot keep the others out.
const share = 4;

/** @param maximum For all callers. One caller has a quarter of them. */
export function createRequestsUnderWay(maximum: number): RequestsUnderWay {
  const maximumPerCaller = Math.ceil(maximum / share);
  const counts = new Map<string, number>();
  let total = 0;

  return {
    begin(caller) {
      const own = counts.get(caller) ?? 0;
      // The caller's own share first: it is told what it can change.
      if (own >= maximumPerCaller) return 'exceeded';
      if (total >= maximum) return 'busy';
      counts.set(caller, own + 1);
      total += 1;
      return () => {
        total -= 1;
        const left = Number(counts.get(caller)) - 1;
        if (left > 0) counts.set(caller, left);
        else counts.delete(caller);
      };
    },
  };
}

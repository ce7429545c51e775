/** The model: what each kind of request may get while faults last. */

export const callers = [
  'good token',
  'too few scopes',
  'bad token',
  'greedy caller',
  'write note',
  'list notes',
  'note of another',
  'SDK v2',
  'SDK v1 with a session',
  'session of another',
] as const;
/** A kind of caller. */
export type Caller = (typeof callers)[number];

/** What a fault may do to a request. */
export type Effect =
  | 'instance killed'
  | 'instance stopped'
  /** An instance that has started without the authorization server cannot tell whether a token is good. */
  | 'no keys'
  | 'notes away'
  /** Each instance limits alone. No request gets another answer for it. */
  | 'counts alone'
  /** The machine is so slow that times run out inside the servers. */
  | 'slow machine';

/** One request. Times are milliseconds of `performance.now()`. */
export interface Outcome {
  readonly caller: Caller;
  readonly startedAt: number;
  readonly endedAt: number;
  /**
   * The status. `502 balancer` and `503 balancer`: no instance has answered. `notes away`: the tool said so. `not found`:
   * there is no such note. `new session`: 404, so the client begins anew. `cut`: the connection broke.
   */
  readonly result: string;
  /** The instance that answered. */
  readonly instance?: number;
}

/** From before a fault until everything was well again. */
export interface Period {
  readonly name: string;
  readonly effects: readonly Effect[];
  readonly from: number;
  readonly to: number;
}

/** How long the machine took for something that takes no time. */
export interface Lag {
  readonly from: number;
  readonly to: number;
}

const always: Readonly<Record<Caller, readonly string[]>> = {
  'good token': ['200'],
  'too few scopes': ['403'],
  'bad token': ['401', '429'],
  'greedy caller': ['200', '429'],
  'write note': ['200'],
  'list notes': ['200'],
  'note of another': ['not found'],
  'SDK v2': ['200'],
  'SDK v1 with a session': ['200'],
  'session of another': ['404'],
};

const notes: ReadonlySet<Caller> = new Set(['write note', 'list notes', 'note of another']);
const hasSession = (caller: Caller) => caller === 'SDK v1 with a session';
const fromBalancer = ['502 balancer', '503 balancer'];
const ofNotes = (caller: Caller) => (notes.has(caller) ? ['notes away'] : []);
// The clients of the SDK tell the status, and not who answered.
const ofSdk = (caller: Caller) => (caller.startsWith('SDK') ? ['503'] : []);
const ofSessions = (caller: Caller) => (hasSession(caller) ? ['new session'] : []);

const may: Readonly<Record<Effect, (caller: Caller) => readonly string[]>> = {
  'instance killed': (caller) => [...fromBalancer, 'cut', ...ofSdk(caller), ...ofSessions(caller)],
  // It answers 503 until the balancer knows that it stops.
  'instance stopped': (caller) => [...fromBalancer, '503', ...ofSessions(caller)],
  'no keys': () => ['503'],
  'notes away': ofNotes,
  'counts alone': () => [],
  // The balancer may use a connection that an instance has just closed.
  'slow machine': (caller) => [...fromBalancer, '503', ...ofNotes(caller), ...ofSessions(caller)],
};

/** Longest time of one request: that in which a server that stops finishes its requests. */
const longestMs = 8_000;
const requestsOf = (caller: Caller) => (caller.startsWith('SDK') ? 4 : 1);
const slowMs = 500;

/** Judges requests. */
interface Judge {
  /** Why this outcome is wrong. `undefined`: it is right. */
  findFault(outcome: Outcome): string | undefined;
}

export function createJudge(periods: readonly Period[], lags: readonly Lag[]): Judge {
  return {
    findFault({ caller, startedAt, endedAt, result }) {
      const overlaps = ({ from, to }: Lag) => startedAt <= to && endedAt >= from;
      const effects = periods.filter(overlaps).flatMap((period) => period.effects);
      const lagsMs = lags.filter(overlaps).map(({ from, to }) => to - from);
      const longestLagMs = Math.max(0, ...lagsMs);
      if (longestLagMs > slowMs) effects.push('slow machine');
      const allowed = [...always[caller], ...effects.flatMap((effect) => may[effect](caller))];
      if (!allowed.includes(result)) return `${result}, allowed are ${allowed.join(', ')}`;
      const tookMs = endedAt - startedAt;
      // Every step of a request may be late: by as much as the longest, and by all that was measured.
      const lateMs = 4 * longestLagMs + lagsMs.reduce((sum, each) => sum + each, 0);
      const limitMs = requestsOf(caller) * (longestMs + lateMs);
      return tookMs > limitMs
        ? `took ${Math.round(tookMs)} ms of ${Math.round(limitMs)}`
        : undefined;
    },
  };
}

/** A time in which an instance limited alone. */
interface Alone extends Lag {
  readonly instance: number;
}

/** How a limit held. */
export interface LimitReport {
  /** The most in one window, by instances that shared the limit. It must not be above the limit. */
  readonly fullestShared: number;
  /** The most in one window, by all. It must not be above the limit for each of the `counters`. */
  readonly fullest: number;
}

// The window is one of the clock of Redis, which may be set a little meanwhile.
const clockMs = 100;

/** @param counted Outcomes that the limit let through. */
export function reportLimit(
  counted: readonly Outcome[],
  windowMs: number,
  alone: readonly Alone[],
): LimitReport {
  const shared = counted.filter(
    ({ instance, startedAt, endedAt }) =>
      !alone.some((one) => one.instance === instance && startedAt <= one.to && endedAt >= one.from),
  );
  return {
    fullestShared: findFullest(shared, windowMs - clockMs),
    fullest: findFullest(counted, windowMs - clockMs),
  };
}

/** A request counts where its beginning and its end are in the window. */
function findFullest(counted: readonly Outcome[], windowMs: number): number {
  const sizes = counted.map(
    ({ startedAt: from }) =>
      counted.filter((each) => each.startedAt >= from && each.endedAt <= from + windowMs).length,
  );
  return Math.max(0, ...sizes);
}

/** Faults × callers × outcomes, as text. A request belongs to the fault in which it began, or to none. */
export function toTable(outcomes: readonly Outcome[], periods: readonly Period[]): string {
  const isIn = ({ startedAt }: Outcome, { from, to }: Period) =>
    startedAt >= from && startedAt < to;
  const rows = [
    {
      title: 'between the faults',
      mine: outcomes.filter((outcome) => !periods.some((period) => isIn(outcome, period))),
    },
    ...periods.map((period) => ({
      title: `${period.name} (${Math.round((period.to - period.from) / 1_000)} s)`,
      mine: outcomes.filter((outcome) => isIn(outcome, period)),
    })),
  ];
  return rows
    .map(({ title, mine }) => {
      const cells = callers.flatMap((caller) => {
        const counts = new Map<string, number>();
        for (const { result } of mine.filter((each) => each.caller === caller)) {
          counts.set(result, (counts.get(result) ?? 0) + 1);
        }
        if (counts.size === 0) return [];
        const texts = [...counts].toSorted().map(([result, count]) => `${result} × ${count}`);
        return [`    ${caller.padEnd(22)} ${texts.join(', ')}`];
      });
      return [title, ...cells].join('\n');
    })
    .join('\n');
}

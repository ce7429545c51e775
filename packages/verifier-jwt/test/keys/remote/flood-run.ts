/** Tokens of keys that nobody has, each of another one, and good tokens beside them. */
import type { BehindProxy, Outcome } from './behind-proxy.ts';

export interface FloodOptions {
  readonly site: BehindProxy;
  readonly seconds: number;
  readonly tokensPerSecond: number;
  /** The clock of the site, in milliseconds. */
  readonly now: () => number;
  /** Lets some time pass. */
  readonly tick: () => Promise<void>;
}

export interface FloodResult {
  /** What became of the good tokens, of those that come again and of those that come once. */
  readonly good: Partial<Record<Outcome, number>>;
  readonly unknown: Partial<Record<Outcome, number>>;
  /** Most requests that waited at one moment. */
  readonly waiting: number;
}

/** Ends when everybody has an answer. */
export async function runFlood(options: FloodOptions): Promise<FloodResult> {
  const { site, seconds, tokensPerSecond, now, tick } = options;
  const known = await site.server.mintToken();
  const good: Partial<Record<Outcome, number>> = {};
  const unknown: Partial<Record<Outcome, number>> = {};
  let pending = 0;
  let waiting = 0;
  let failure: unknown;

  function send(token: string, counts: Partial<Record<Outcome, number>>): void {
    pending += 1;
    waiting = Math.max(waiting, pending);
    site
      .ask(token)
      .then((outcome) => {
        counts[outcome] = (counts[outcome] ?? 0) + 1;
      })
      .catch((error: unknown) => {
        failure = error;
      })
      .finally(() => {
        pending -= 1;
      });
  }

  const startedAt = now();
  const total = seconds * tokensPerSecond;
  for (let sent = 0; sent < total; ) {
    const due = Math.min(total, ((now() - startedAt) * tokensPerSecond) / 1_000);
    for (; sent < due; sent += 1) send(site.withKeyId(`unknown-${sent}`), unknown);
    send(known, good);
    send(await site.server.mintToken(), good);
    await tick();
  }
  while (pending > 0) await tick();
  if (failure !== undefined) throw failure;
  return { good, unknown, waiting };
}

/** How many fetches there may be in so many milliseconds, the first one included. */
export function fetchBudget(milliseconds: number): number {
  return 1 + Math.floor(milliseconds / 5_000);
}

/** Options for {@link createBreaker}. */
export interface BreakerOptions {
  /** How long an answer is waited for. */
  readonly timeoutMs: number;
  /** How long it takes from one probe to the next. */
  readonly probeEveryMs: number;
  /** Clock, in milliseconds from any start. */
  readonly monotonicNow: () => number;
  onOpen(reason: string): void;
  /** A call or a probe failed. Called before {@link onOpen}. */
  onFailure?(reason: string): void;
  onClose(outageMs: number): void;
}

/** Keeps callers from waiting for what does not answer. */
export interface Breaker {
  /**
   * What `call` resolves to, or `undefined` when there is no answer in time or at all. After the
   * first of these nobody waits: whoever does already is let go, and calls are not made until a
   * probe has succeeded. Never rejects.
   *
   * @param probe Made in place of the call from time to time. Nobody waits for it.
   */
  run<Answer>(
    call: () => Promise<Answer>,
    probe: () => Promise<unknown>,
  ): Promise<Answer | undefined>;
}

/**
 * Without timers but those of calls under way: probes are made when somebody asks, since a platform
 * may stop the process in between.
 */
export function createBreaker(options: BreakerOptions): Breaker {
  const { timeoutMs, probeEveryMs, monotonicNow, onOpen, onClose, onFailure } = options;
  const waiting = new Set<() => void>();
  let openedAt: number | undefined;
  let nextProbeAt = 0;
  let isProbing = false;

  /** @param tell Called once at most, and not after an answer. */
  function attempt<Answer>(
    call: () => Promise<Answer>,
    tell: (reason: string) => void,
  ): Promise<Answer | undefined> {
    return new Promise((resolve) => {
      const settle = (answer: Answer | undefined): void => {
        clearTimeout(timer);
        waiting.delete(giveUp);
        resolve(answer);
      };
      const giveUp = (): void => settle(undefined);
      const fail = (reason: string): void => {
        if (!waiting.has(giveUp)) return;
        giveUp();
        tell(reason);
      };
      const timer = setTimeout(fail, timeoutMs, 'timeout');
      waiting.add(giveUp);
      call().then(settle, (error: unknown) => fail(reasonOf(error)));
    });
  }

  function open(reason: string): void {
    openedAt = monotonicNow();
    nextProbeAt = openedAt + probeEveryMs;
    for (const giveUp of waiting) giveUp();
    onFailure?.(reason);
    onOpen(reason);
  }

  async function probeNow(probe: () => Promise<unknown>): Promise<void> {
    isProbing = true;
    const succeeded = await attempt(
      () => probe().then(() => true),
      (reason) => onFailure?.(reason),
    );
    isProbing = false;
    nextProbeAt = monotonicNow() + probeEveryMs;
    if (succeeded !== true || openedAt === undefined) return;
    const outageMs = monotonicNow() - openedAt;
    openedAt = undefined;
    onClose(outageMs);
  }

  return {
    async run(call, probe) {
      if (openedAt === undefined) return attempt(call, open);
      if (!isProbing && monotonicNow() >= nextProbeAt) void probeNow(probe);
      return undefined;
    },
  };
}

/** A word about what went wrong. No text of others gets further than its first word. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'connection';
  if (error instanceof TypeError) return 'unexpected_answer';
  if (error.message === 'Command timed out') return 'timeout';
  return /^[A-Z]{3,20}(?= |$)/.exec(error.message)?.[0] ?? 'connection';
}

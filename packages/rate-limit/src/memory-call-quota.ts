import { hash } from 'node:crypto';
import {
  AuthError,
  type CallCharge,
  type CallCharges,
  type CallQuota,
  type Checks,
  check,
  checkOptions,
  type RuleRequest,
} from '@sallyport/core';
import { assertInteger } from './bounds.ts';
import {
  type CallLimits,
  callLimitChecks,
  createLimitSearch,
  readCallLimits,
} from './call-limits.ts';
import { createMonotonicClock } from './clock.ts';
import { readCountedCalls } from './counted-calls.ts';
import { createWindowCounter, type WindowCounter } from './window-counter.ts';

/** Options for {@link createMemoryCallQuota}. */
export interface MemoryCallQuotaOptions extends CallLimits {
  /**
   * Counts the messages that clients send by themselves too: `initialize`, `ping`, `server/discover`, lists,
   * `logging/setLevel`, `resources/unsubscribe` and questions about tasks. Default false.
   */
  readonly countDiscovery?: boolean;
  /**
   * How many callers each limit remembers. Over it, those that called longest ago are forgotten, about a hundredth
   * at a time. An integer from 1 to 1,000,000. Default 100,000: at most 32 MB for each limit.
   */
  readonly maximumCallers?: number;
  /**
   * Clock, in milliseconds from any start. Should it go back, time stands still for a moment.
   * Default `performance.now`, which no change of the host's time moves.
   */
  readonly monotonicNow?: () => number;
}

const optionChecks: Checks<MemoryCallQuotaOptions> = {
  ...callLimitChecks,
  countDiscovery: check.optional(check.flag),
  maximumCallers: check.optional(check.number),
  monotonicNow: check.optional(check.callback),
};

/**
 * Limits the calls of each caller in the memory of this process. A caller is an issuer, a subject and a client. No
 * interval of `windowSeconds`, wherever it starts, has more calls than a limit allows. Each message of a batch
 * counts. A refused request counts nothing, so a caller that comes back after `Retry-After` is let in.
 *
 * It does not see what other instances count, and it forgets everything at a restart. A person who signs in with
 * two clients is two callers.
 *
 * @example
 * ```ts
 * const quota = createMemoryCallQuota({ calls: 100, tools: { report: { calls: 5, windowSeconds: 3_600 } } });
 * ```
 * @throws {ConfigError} `quota.calls`, `quota.windowSeconds`, `quota.tools` or `quota.maximumCallers` when there
 *   is no limit, or one is out of its range.
 */
export function createMemoryCallQuota(given: MemoryCallQuotaOptions): CallQuota {
  const options = checkOptions('quota', given, optionChecks);
  const { countDiscovery = false, maximumCallers = 100_000 } = options;
  const { monotonicNow = () => performance.now() } = options;
  const limits = readCallLimits(options);
  assertInteger('quota.maximumCallers', maximumCallers, 1_000_000);

  const clock = createMonotonicClock(monotonicNow);
  const limitsOf = createLimitSearch(limits);
  const counters = new Map<string | undefined, WindowCounter>(
    limits.map(({ tool, maximum, windowSeconds }) => {
      const windowMs = windowSeconds * 1_000;
      return [tool, createWindowCounter({ maximum, windowMs, maximumKeys: maximumCallers })];
    }),
  );

  function chargesOf(request: RuleRequest): CallCharges | undefined {
    const charges = new Map<string | undefined, CallCharge>();
    for (const call of readCountedCalls(request.operation.message, countDiscovery)) {
      for (const { tool, maximum, windowSeconds } of limitsOf(call)) {
        const calls = (charges.get(tool)?.calls ?? 0) + 1;
        charges.set(tool, { ...(tool !== undefined && { tool }), calls, maximum, windowSeconds });
      }
    }
    if (charges.size === 0) return undefined;
    return { caller: callerOf(request), charges: [...charges.values()] };
  }

  function examine({ caller, charges }: CallCharges, isCounting: boolean): AuthError | undefined {
    const time = clock();
    // As long as an address, whatever the claims are.
    const name = hash('sha256', caller, 'binary');
    const standings = charges.flatMap((charge) => {
      const counter = counters.get(charge.tool);
      return counter === undefined
        ? []
        : [{ charge, counter, waitMs: counter.read(name, time, charge.calls).waitMs }];
    });
    const worst = standings.reduce((left, right) => (right.waitMs > left.waitMs ? right : left));
    const isWithin = worst.waitMs === 0;
    if (isCounting) {
      for (const { charge, counter } of standings) {
        counter.record(name, time, isWithin ? charge.calls : 0);
      }
    }
    return isWithin ? undefined : refuse(worst.charge, worst.waitMs / 1_000);
  }

  const peek = (charges: CallCharges) => examine(charges, false);
  const count = (charges: CallCharges) => examine(charges, true);
  return {
    name: 'quota',
    chargesOf,
    peek,
    count,
    refuse,

    check(request) {
      const charges = chargesOf(request);
      return charges && count(charges);
    },

    readings: () => ({
      callers: Math.max(...Array.from(counters.values(), (counter) => counter.size())),
    }),
  };
}

/** No claim can make one caller look like another. */
function callerOf({ principal }: RuleRequest): string {
  const { issuer, subject, clientId } = principal;
  return JSON.stringify([issuer, subject, clientId]);
}

function refuse(charge: CallCharge, retryAfterSeconds: number): AuthError {
  const { tool, calls, maximum, windowSeconds } = charge;
  const limit = `${tool ?? 'all calls'}: ${maximum} in ${windowSeconds} s`;
  const isPossible = calls <= maximum;
  return new AuthError('quota_exceeded', {
    detail: isPossible ? limit : `${limit}, and the request has ${calls}: it never passes`,
    // No answer can say "never".
    retryAfterSeconds: isPossible ? retryAfterSeconds : windowSeconds,
  });
}

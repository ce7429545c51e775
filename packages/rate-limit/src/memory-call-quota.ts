import { hash } from 'node:crypto';
import {
  AuthError,
  type CallCharge,
  type CallCharges,
  type CallQuota,
  type Checks,
  check,
  checkOptions,
  type Principal,
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
  // Verifiers return the same principal for the same token.
  const callers = new WeakMap<Principal, string>();

  function callerOf(principal: Principal): string {
    const known = callers.get(principal);
    if (known !== undefined) return known;
    const caller = digestOf(principal);
    callers.set(principal, caller);
    return caller;
  }

  function chargesOf({ principal, operation }: RuleRequest): CallCharges | undefined {
    const calls = readCountedCalls(operation.message, countDiscovery);
    const charges = calls.flatMap(limitsOf);
    if (charges.length === 0) return undefined;
    return {
      caller: callerOf(principal),
      charges: calls.length === 1 ? charges : addUp(charges),
    };
  }

  function examine({ caller, charges }: CallCharges, isCounting: boolean): AuthError | undefined {
    const time = clock();
    let waitMs = 0;
    let over: CallCharge | undefined;
    for (const charge of charges) {
      const own = counters.get(charge.tool)?.read(caller, time, charge.calls).waitMs ?? 0;
      if (own <= waitMs) continue;
      waitMs = own;
      over = charge;
    }
    if (isCounting) {
      for (const { tool, calls } of charges) {
        counters.get(tool)?.record(caller, time, over === undefined ? calls : 0);
      }
    }
    return over && refuse(over, waitMs / 1_000);
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

/** No claim can make one caller look like another. The digest is as long as an address, whatever the claims are. */
function digestOf({ issuer, subject, clientId }: Principal): string {
  return hash('sha256', JSON.stringify([issuer, subject, clientId]), 'binary');
}

/** One charge for each limit. */
function addUp(charges: readonly CallCharge[]): CallCharge[] {
  const sums = new Map<string | undefined, CallCharge>();
  for (const charge of charges) {
    const calls = (sums.get(charge.tool)?.calls ?? 0) + charge.calls;
    sums.set(charge.tool, { ...charge, calls });
  }
  return [...sums.values()];
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

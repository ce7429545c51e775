import {
  AuthError,
  type AuthorizationRule,
  type Checks,
  check,
  checkOptions,
  createReporter,
  type EventListener,
} from '@sallyport/core';
import type { DenialStore } from '../stores/denial-store.ts';
import type { DenialEvent, DenialFault } from './denial-event.ts';
import { type DeniedParties, indexDenied } from './denied-parties.ts';
import { DamagedList, parseList } from './list-text.ts';

/** Options for {@link createDenialList}. */
export interface DenialListOptions {
  /** Where the list is: `createFileDenialStore` or `createRedisDenialStore`. */
  readonly store: DenialStore;
  /** Receives what an operator should know. Default: events are dropped. */
  readonly onEvent?: EventListener<DenialEvent>;
  /** Clock, in milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
  /** Clock for durations, in milliseconds. Default `performance.now`. */
  readonly monotonicNow?: () => number;
}

/** Refuses denied callers. It is the first rule of a guard. */
export type DenialList = Required<AuthorizationRule>;

const readEveryMs = 1_000;
/** A platform may stop timers between requests. An older list is read again before a request is decided. */
const oldestMs = 3_000;
const readTimeoutMs = 1_500;
const retryEveryMs = 250;

const optionChecks: Checks<DenialListOptions> = {
  store: check.shape('a denial store', { name: 'string', read: 'function', replace: 'function' }),
  onEvent: check.optional(check.callback),
  now: check.optional(check.callback),
  monotonicNow: check.optional(check.callback),
};

/**
 * Creates a rule that refuses the subjects, clients and tokens of a list. It reads the list every second, so a change
 * is in force within 5 seconds, also for verified tokens in a cache and for open streams.
 *
 * If the store is unavailable or the list is damaged, the list that was read last stays in force. Until a list
 * was read, every request is answered 503.
 *
 * Several gates may share one list. Closing a gate stops the reading, unless another gate has open streams. The next
 * request that another gate decides starts it again.
 *
 * @throws {ConfigError} When an option is missing or of the wrong type.
 */
export function createDenialList(given: DenialListOptions): DenialList {
  const options = checkOptions('denial', given, optionChecks);
  const { store, now = Date.now, monotonicNow = () => performance.now() } = options;
  const report = createReporter<DenialEvent>(options.onEvent);
  const watchers = new Set<() => void>();
  let inForce: { text: string; writtenAt: number | undefined; parties: DeniedParties } | undefined;
  let fault: string | undefined;
  let timer: ReturnType<typeof setInterval> | undefined;
  let reading: Promise<void> | undefined;
  let attemptedAt = Number.NEGATIVE_INFINITY;
  // The list in force is at most as old as this: a read that has only begun says nothing.
  let settledAt = Number.NEGATIVE_INFINITY;
  let isInUse = false;

  function tell(reason: DenialFault, problem: string): void {
    if (fault === `${reason}: ${problem}`) return;
    fault = `${reason}: ${problem}`;
    const entries = inForce?.parties.size;
    report({
      type: 'denial_list_unavailable',
      reason,
      problem,
      ...(entries !== undefined && { entries }),
    });
  }

  /** Puts a list in force, or notes that the list in force can be read again. */
  function accept(text: string): void {
    if (inForce?.text !== text) {
      const { denied, writtenAt } = parseList(text);
      if (store.refusesOlder && isOlder(writtenAt, inForce?.writtenAt)) {
        tell('older', `${store.name} has an older list: it may have lost entries`);
        return;
      }
      inForce = { text, writtenAt, parties: indexDenied(denied) };
      report({ type: 'denial_list_loaded', entries: denied.length });
      for (const look of [...watchers]) look();
    }
    if (fault === undefined) return;
    fault = undefined;
    report({ type: 'denial_list_available', entries: inForce.parties.size });
  }

  async function read(): Promise<void> {
    try {
      const text = await store.read();
      if (text === undefined) tell('missing', `${store.name} has no list`);
      else accept(text);
    } catch (error) {
      if (error instanceof DamagedList) tell('damaged', `${store.name}: ${error.message}`);
      else if (error instanceof SyntaxError) tell('damaged', `${store.name}: it is not UTF-8 text`);
      else if (error instanceof RangeError) tell('too_large', `${store.name}: more than 256 KiB`);
      // Errors of clients and file systems quote addresses, and may quote more.
      else tell('unreachable', `${store.name}: ${reasonOf(error)}`);
    }
  }

  /** Reads once at a time, since a stalled file holds a thread. Callers wait a limited time. */
  async function refresh(): Promise<void> {
    if (reading === undefined && monotonicNow() - attemptedAt >= retryEveryMs) {
      const startedAt = monotonicNow();
      attemptedAt = startedAt;
      reading = read().finally(() => {
        settledAt = Math.max(settledAt, startedAt);
        reading = undefined;
      });
    }
    if (reading === undefined) return;
    let wait: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((resolve) => {
      wait = setTimeout(() => {
        // Others decide by the list in force, and do not wait for the same silence.
        attemptedAt = monotonicNow();
        settledAt = attemptedAt;
        tell('unreachable', `${store.name}: no answer in ${readTimeoutMs} ms`);
        resolve();
      }, readTimeoutMs);
    });
    await Promise.race([reading, late]);
    clearTimeout(wait);
  }

  function follow(): void {
    isInUse = true;
    if (timer !== undefined) return;
    timer = setInterval(() => void refresh(), readEveryMs);
    // A list keeps no process alive. Timers are numbers on other runtimes.
    if (typeof timer === 'object') timer.unref();
  }

  /** Several gates may share a list: one that is closed must not end what another needs. */
  function stopUnlessNeeded(): void {
    if (isInUse || watchers.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  }

  const find: DeniedParties['find'] = (principal, nowSeconds) => {
    if (inForce !== undefined) return inForce.parties.find(principal, nowSeconds);
    const detail = 'the denial list was not read yet';
    return new AuthError('upstream_unavailable', { detail, retryAfterSeconds: 2 });
  };

  return {
    name: 'denial',

    async prepare() {
      follow();
      await refresh();
    },

    check({ principal, nowSeconds }) {
      follow();
      const isCurrent = inForce !== undefined && monotonicNow() - settledAt < oldestMs;
      if (isCurrent) return find(principal, nowSeconds);
      return refresh().then(() => find(principal, nowSeconds));
    },

    watch({ principal }, end) {
      const look = (): void => {
        const refusal = inForce?.parties.find(principal, Math.floor(now() / 1_000));
        if (refusal === undefined) return;
        watchers.delete(look);
        end(refusal);
      };
      watchers.add(look);
      look();
      return () => {
        watchers.delete(look);
        stopUnlessNeeded();
      };
    },

    async close() {
      isInUse = false;
      stopUnlessNeeded();
    },
  };
}

function isOlder(time: number | undefined, newest: number | undefined): boolean {
  return time !== undefined && newest !== undefined && time < newest;
}

/** A code such as `ECONNREFUSED`, or the first word of what Redis said, such as `NOAUTH`. */
function reasonOf(error: unknown): string {
  const { code, message } = (error ?? {}) as {
    readonly code?: unknown;
    readonly message?: unknown;
  };
  if (typeof code === 'string' && /^[A-Z_]{3,40}$/.test(code)) return code;
  if (error instanceof TypeError) return 'unexpected answer';
  const word = typeof message === 'string' ? /^[A-Z]{3,20}(?= |$)/.exec(message)?.[0] : undefined;
  return word ?? 'no connection';
}

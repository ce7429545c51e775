/** Remembers what the store answered, for as long as a revocation may take to be in force. */
import { AuthError, isAuthError, type VerifierReadings } from '@sallyport/core';
import { LRUCache } from 'lru-cache';
import { within } from '../timeout.ts';

interface Known<Answer> {
  readonly answer: Answer;
  /** When the store was asked, on the monotonic clock. */
  readonly askedAt: number;
}

/** Options for {@link createKnownKeys}. */
export interface KnownKeysOptions<Answer extends object> {
  /** Asks the store. `undefined`: there is no such key. */
  readonly ask: (digest: string) => Promise<Answer | undefined>;
  /** Whether an answer can never change again, as that of a revoked key. */
  readonly isFinal: (answer: Answer) => boolean;
  readonly maximumKeys: number;
  readonly monotonicNow: () => number;
  readonly onOutage: (error: unknown) => void;
  readonly onRecovery: (outageMs: number) => void;
}

interface LookUp {
  /** Whether the store may be asked about a key that was never accepted. */
  readonly mayAsk: boolean;
}

export interface KnownKeys<Answer extends object> {
  /**
   * @returns The answer of the store, which it gave at most 4 seconds ago.
   * @throws {AuthError} `upstream_unavailable` when there is none; `rate_limited` when the store may not be asked.
   */
  find(digest: string, lookUp: LookUp): Promise<Answer | undefined>;
  readings(): VerifierReadings;
}

/** After this an answer is still used, and the store is asked again. */
const freshMs = 1_500;
/** After this an answer is no longer used. One second of the 5 is for the answer of the store. */
const longestUseMs = 4_000;
/** How long an answer is waited for: a file may be on a mount that stalls. */
const longestAnswerMs = 1_000;
/** How long the absence of a key is remembered. A new key is accepted after it at the latest. */
const absenceMs = 1_000;
const maximumAbsent = 1_000;
/** After a failure, requests do not wait for the store during this time. */
const pauseMs = 250;
/** Questions at a time about keys of clients that are over their limit. */
const maximumLimited = 16;

export function createKnownKeys<Answer extends object>(
  options: KnownKeysOptions<Answer>,
): KnownKeys<Answer> {
  const { ask, isFinal, maximumKeys, monotonicNow, onOutage, onRecovery } = options;
  const present = new LRUCache<string, Known<Answer>>({ max: maximumKeys });
  // Apart, so that guessed keys evict no good ones.
  const absent = new LRUCache<string, number>({ max: maximumAbsent });
  const asking = new Map<string, Promise<Answer | undefined>>();
  let failedAt: { readonly first: number; readonly last: number } | undefined;
  let limited = 0;
  let cacheHits = 0;
  let cacheMisses = 0;

  async function askStore(digest: string): Promise<Answer | undefined> {
    const askedAt = monotonicNow();
    if (failedAt !== undefined && askedAt - failedAt.last < pauseMs) {
      throw unavailable('the store failed a moment ago');
    }
    try {
      const answer = await within(ask(digest), longestAnswerMs);
      remember(digest, answer, askedAt);
      if (failedAt !== undefined) onRecovery(monotonicNow() - failedAt.first);
      failedAt = undefined;
      return answer;
    } catch (error) {
      const last = monotonicNow();
      if (failedAt === undefined) onOutage(error);
      failedAt = { first: failedAt?.first ?? last, last };
      // Whatever a store throws is our fault, and never that of the key.
      const isKnown = isAuthError(error) && error.code === 'upstream_unavailable';
      throw isKnown ? error : unavailable('the store failed', error);
    }
  }

  function remember(digest: string, answer: Answer | undefined, askedAt: number): void {
    if (answer === undefined) {
      present.delete(digest);
      absent.set(digest, askedAt);
    } else {
      absent.delete(digest);
      present.set(digest, { answer, askedAt });
    }
  }

  /** One question per key at a time, so that an older answer never replaces a newer one. */
  function share(digest: string): Promise<Answer | undefined> {
    const running = asking.get(digest);
    if (running !== undefined) return running;
    const question = askStore(digest).finally(() => asking.delete(digest));
    asking.set(digest, question);
    return question;
  }

  async function shareLimited(digest: string): Promise<Answer | undefined> {
    if (limited >= maximumLimited) {
      throw new AuthError('rate_limited', { detail: 'too many questions about unknown API keys' });
    }
    limited += 1;
    try {
      return await share(digest);
    } finally {
      limited -= 1;
    }
  }

  /** What may be answered without the store; `undefined` where the store has to answer. */
  function recall(digest: string): { readonly answer: Answer | undefined } | undefined {
    const now = monotonicNow();
    const known = present.get(digest);
    if (known === undefined) {
      const absentSince = absent.get(digest);
      const isRecent = absentSince !== undefined && now - absentSince < absenceMs;
      return isRecent ? { answer: undefined } : undefined;
    }
    const age = now - known.askedAt;
    // A revoked key stays refused, also when the store forgets that it was revoked.
    if (isFinal(known.answer)) return known;
    if (age >= longestUseMs) return undefined;
    if (age >= freshMs) share(digest).catch(() => {});
    return known;
  }

  return {
    async find(digest, { mayAsk }) {
      const recalled = recall(digest);
      if (recalled !== undefined) {
        cacheHits += 1;
        return recalled.answer;
      }
      cacheMisses += 1;
      return mayAsk || present.has(digest) ? share(digest) : shareLimited(digest);
    },

    readings: () => ({ cacheHits, cacheMisses, cachedTokens: present.size }),
  };
}

function unavailable(detail: string, cause?: unknown): AuthError {
  return new AuthError('upstream_unavailable', { detail: `API keys: ${detail}`, cause });
}

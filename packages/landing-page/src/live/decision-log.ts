/** What the live view shows, counted in memory. It holds no token, no code, no verifier and no claim. */
import type { AuditEvent, AuthErrorCode, OperationalEvent } from '@sallyport/core';
import { refusalWords } from './refusal-words.ts';

/** Ten seconds of decisions. */
interface Slot {
  readonly accepted: number;
  readonly refused: number;
  readonly limited: number;
}

interface SeenRefusal {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly code: AuthErrorCode;
  readonly words: string;
  readonly detail: string | undefined;
  readonly operation: string | undefined;
  /** How often it came in a row. */
  readonly count: number;
}

interface LiveState {
  readonly now: number;
  /** The last ten minutes, oldest first. */
  readonly slots: readonly Slot[];
  readonly totals: Slot;
  readonly reasons: readonly {
    readonly code: string;
    readonly words: string;
    readonly count: number;
  }[];
  /** The last refusals, newest first. */
  readonly refusals: readonly SeenRefusal[];
  /** Milliseconds in the gate, of the last 500 requests. */
  readonly latency: { readonly median: number; readonly slow: number } | undefined;
  /** Seconds since the keys of the issuer were loaded. */
  readonly keysAgeSeconds: number | undefined;
}

/** Takes what happens, and says what the page shows. */
export interface DecisionLog {
  decided(event: AuditEvent): void;
  happened(event: OperationalEvent): void;
  took(milliseconds: number): void;
  read(): LiveState;
}

type Counts = { -readonly [Name in keyof Slot]: number };

const slotMs = 10_000;
const slotCount = 60;
const mostRefusals = 8;
const mostTimes = 500;
const longestDetail = 300;

/** @param now Milliseconds since the epoch. */
export function createDecisionLog(now: () => number): DecisionLog {
  const slots = new Map<number, Counts>();
  const totals = emptySlot();
  const reasons = new Map<AuthErrorCode, number>();
  const refusals: SeenRefusal[] = [];
  const times: number[] = [];
  let keysLoadedAt: number | undefined;

  function count(kind: keyof Slot): void {
    const current = Math.floor(now() / slotMs);
    const slot = slots.get(current) ?? emptySlot();
    slot[kind] += 1;
    totals[kind] += 1;
    slots.set(current, slot);
    for (const index of slots.keys()) if (index <= current - slotCount) slots.delete(index);
  }

  /** A row of equal refusals is one line with a number. */
  function remember(refusal: SeenRefusal): void {
    const [last] = refusals;
    const isSame =
      last?.code === refusal.code &&
      last.detail === refusal.detail &&
      last.operation === refusal.operation;
    if (isSame) refusals[0] = { ...refusal, count: last.count + 1 };
    else refusals.unshift(refusal);
    refusals.splice(mostRefusals);
  }

  return {
    decided({ event, code, detail, operation, at }) {
      if (event === 'authorized') count('accepted');
      if (event !== 'refused' || code === undefined) return;
      count(code === 'rate_limited' ? 'limited' : 'refused');
      reasons.set(code, (reasons.get(code) ?? 0) + 1);
      remember({
        at,
        code,
        words: refusalWords[code] ?? code,
        detail: detail?.slice(0, longestDetail),
        operation,
        count: 1,
      });
    },

    happened({ type }) {
      if (type === 'keys_loaded') keysLoadedAt = now();
    },

    took(milliseconds) {
      times.push(milliseconds);
      if (times.length > mostTimes) times.shift();
    },

    read() {
      const current = Math.floor(now() / slotMs);
      const sorted = times.toSorted((one, other) => one - other);
      const at = (part: number) =>
        sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
      const [median, slow] = [at(0.5), at(0.95)];
      return {
        now: now(),
        slots: Array.from(
          { length: slotCount },
          (_slot, index) => slots.get(current - slotCount + 1 + index) ?? emptySlot(),
        ),
        totals: { ...totals },
        reasons: [...reasons]
          .map(([code, times]) => ({ code, words: refusalWords[code] ?? code, count: times }))
          .toSorted((one, other) => other.count - one.count),
        refusals: [...refusals],
        latency: median === undefined || slow === undefined ? undefined : { median, slow },
        keysAgeSeconds: keysLoadedAt === undefined ? undefined : (now() - keysLoadedAt) / 1_000,
      };
    },
  };
}

function emptySlot(): Counts {
  return { accepted: 0, refused: 0, limited: 0 };
}

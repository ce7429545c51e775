/** What must have become of tokens whose keys changed, in the suite and in `nightly`. */
import type { ExpectStatic } from 'vitest';
import { type Outcome, tally } from './behind-proxy.ts';

/** One request, with the clock of its test in milliseconds. */
export interface Answer {
  readonly keyId: string | undefined;
  readonly sentAt: number;
  readonly outcome: Outcome;
}

/** When a key was added, or took the place of the others. */
export interface Rotation {
  readonly keyId: string;
  readonly at: number;
}

export const outcomesOf = (answers: readonly Answer[]) =>
  tally(answers.map(({ outcome }) => outcome));

/** No good token is refused from 5 seconds after a rotation on, and none of the first key ever (JWK-13). */
export function expectNoGoodTokenRefused(
  expect: ExpectStatic,
  answers: readonly Answer[],
  { rotations, moreThan }: { readonly rotations: readonly Rotation[]; readonly moreThan: number },
): void {
  const names = rotations.map(({ keyId }) => keyId);
  const ofFirstKey = answers.filter(({ keyId = '' }) => !names.includes(keyId));
  expect(outcomesOf(ofFirstKey)).toEqual({ verified: ofFirstKey.length });
  for (const { keyId, at } of rotations) {
    const ofNewKey = answers.filter((answer) => answer.keyId === keyId);
    const after = ofNewKey.filter(({ sentAt }) => sentAt >= at + 5_000);
    expect(after.length).toBeGreaterThan(moreThan);
    expect(outcomesOf(after)).toEqual({ verified: after.length });
    const before = ofNewKey.filter(({ sentAt }) => sentAt < at + 5_000);
    // CASE-27: no good token is called bad.
    const { verified = 0, token_key_pending: pending = 0 } = outcomesOf(before);
    expect(verified + pending).toBe(before.length);
  }
}

/** Tokens of the old key are refused from 20 seconds on, and those of the new one accepted (JWK-14). */
export function expectWithdrawn(
  expect: ExpectStatic,
  answers: readonly Answer[],
  {
    rotation: { keyId, at },
    isBefore,
    moreThan,
  }: {
    readonly rotation: Rotation;
    /** Whether a request was surely answered before the rotation. */
    readonly isBefore: (sentAt: number) => boolean;
    readonly moreThan: number;
  },
): void {
  const old = answers.filter((answer) => answer.keyId !== keyId);
  const before = old.filter(({ sentAt }) => isBefore(sentAt));
  expect(outcomesOf(before)).toEqual({ verified: before.length });
  const after = old.filter(({ sentAt }) => sentAt >= at + 20_000);
  expect(after.length).toBeGreaterThan(moreThan);
  const { token_key_unknown: unknown = 0, token_key_pending: pending = 0 } = outcomesOf(after);
  expect(unknown + pending).toBe(after.length);
  // Whoever waits for a fetch learns that the key is withdrawn.
  expect(unknown).toBeGreaterThan(0);
  const good = answers.filter((answer) => answer.keyId === keyId && answer.sentAt >= at + 5_000);
  expect(good.length).toBeGreaterThan(moreThan);
  expect(outcomesOf(good)).toEqual({ verified: good.length });
}

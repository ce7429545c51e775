/** What `describeRotatingSecretProvider` is given, and how its cases use it. */
import type { Secret, SecretContext, SecretLookup, SecretProvider } from '@sallyport/core';
import { onTestFinished } from 'vitest';
import { answered, toAuthError } from '../outcomes.ts';
import { createManualClock, type ManualClock } from './manual-clock.ts';

/** A provider with every optional member. */
export type RotatingSecretProvider = Required<SecretProvider>;

/** What a factory must accept. The suite passes its own clock and timer. */
export interface RotatingSecretOptions {
  readonly cacheTtlSeconds: number;
  readonly maximumStaleSeconds: number;
  readonly timeoutSeconds: number;
  /** Throws when a value cannot be used. */
  readonly validate: (name: string, secret: Secret) => void;
  /** Monotonic clock, in milliseconds. */
  readonly monotonicNow: () => number;
  /** Timer of that clock. Rejects when the signal aborts. */
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
}

/** A provider and the store behind it. */
export interface RotatingStore {
  readonly provider: RotatingSecretProvider;
  /** Stores another value of {@link RotatingSecretProviderFixture.present}. */
  put(value: string): unknown;
  /** From now on every request fails at once, with a fault that is not retried. */
  fail(): unknown;
  /** From now on no request is answered, or as many as given. */
  hang(times?: number): unknown;
  /** Requests are answered again. */
  restore(): unknown;
  /** How many requests for the secret the store has received. */
  readings(): number;
  /**
   * Tells {@link RotatingSecretProviderFixture.processScript} where the store is. A store in that process
   * does not answer the first request.
   */
  processArguments(): readonly string[];
}

/** What a secret backend with a cache supplies to be tested. No case can be skipped. */
export interface RotatingSecretProviderFixture {
  /** A store that holds {@link present}, and a provider for it. Called once per test. */
  create(options: RotatingSecretOptions): RotatingStore | Promise<RotatingStore>;
  /** A secret that is there. Its value has at least 16 characters. */
  readonly present: { readonly name: string; readonly value: string };
  /**
   * A script that calls `runSecretProcess` of `@sallyport/contract-tests/secret-process`. The suite runs
   * it in a process of its own.
   */
  readonly processScript: URL;
}

/** What a case works with. */
export interface Arrangement extends RotatingStore {
  readonly clock: ManualClock;
  /** The value. A refusal fails the test with its reason. */
  read(): Promise<string>;
  /** The value, or the code of the refusal. */
  tryToRead(): Promise<string>;
  reread(): Promise<string>;
}

/** The time to live of every case, and the latest moment of a new reading. */
export const ttlMs: number = 300_000;
export const latestMs: number = ttlMs * 1.1;
export const dayMs: number = 86_400_000;

/** A caller that never leaves. */
function waiting(): SecretContext {
  return { signal: new AbortController().signal };
}

/** A store and a provider whose clock stands still. */
export async function setUp(
  { create, present }: RotatingSecretProviderFixture,
  changes: Partial<RotatingSecretOptions> = {},
): Promise<Arrangement> {
  const clock = createManualClock();
  const store = await create({
    cacheTtlSeconds: ttlMs / 1_000,
    maximumStaleSeconds: dayMs / 1_000,
    timeoutSeconds: 25,
    validate: () => {},
    monotonicNow: clock.now,
    wait: clock.wait,
    ...changes,
  });
  const { provider } = store;
  onTestFinished(() => provider.close());
  return {
    ...store,
    clock,
    read: () => answered(reveal(provider.get(present.name, waiting())), present.value),
    tryToRead: () =>
      reveal(provider.get(present.name, waiting())).catch(
        (reason: unknown) => toAuthError(reason).code,
      ),
    reread: () => answered(reveal(provider.reread(present.name, waiting())), present.value),
  };
}

/** The value, or `absent`. */
async function reveal(lookup: Promise<SecretLookup>): Promise<string> {
  const found = await lookup;
  return found.found ? found.secret.reveal() : 'absent';
}

import {
  type Checks,
  ConfigError,
  check,
  checkOptions,
  createReporter,
  type SecretChange,
  type SecretContext,
  type SecretLookup,
  type SecretProvider,
} from '@sallyport/core';
import { type CacheOptions, cacheOptionChecks, readCacheSettings } from './cache-options.ts';
import { type CachedSecret, createCachedSecret } from './cached-secret.ts';
import { findProblem } from './find-problem.ts';
import { readWithRetries } from './read-with-retries.ts';
import { checkReading, type Reading } from './reading.ts';
import type { SecretEvent } from './secret-event.ts';
import type { SecretFault } from './secret-fault.ts';
import { createSemaphore } from './semaphore.ts';
import { waitUntilAborted } from './wait-for-reading.ts';
import { createWatch, type Watch } from './watch.ts';

/** Options for {@link createCachedSecrets}: a backend, and its {@link CacheOptions}. */
export interface CachedSecretsOptions extends CacheOptions {
  /** Label for events and the start-up report: lower case, digits and `_`, such as `vault`. */
  readonly name: string;
  /** Stands before an option in messages: `gcp` for `gcp.timeoutSeconds`. Default {@link name}. */
  readonly subject?: string;
  /**
   * Returns the one spelling of a secret's name, so that `key` and `key@latest` share one value.
   * Throws a `ConfigError` for a text that cannot be a name. It runs before every request.
   */
  readonly canonicalName: (name: string) => string;
  /**
   * Reads a secret once. Retries, the deadline and the check of the text are not its business. What it
   * throws counts as an outage.
   *
   * @param name As {@link canonicalName} returned it.
   * @param signal Aborts at the deadline, and when the provider is closed.
   */
  readonly read: (name: string, signal: AbortSignal) => Promise<Reading>;
  /** The command or policy that ends a fault. It is asked for after the fault occurred. */
  readonly remedies?: Readonly<Partial<Record<SecretFault, (name: string) => string | undefined>>>;
  /** Releases what the backend holds. Called once, when the provider is closed. */
  readonly close?: () => void | Promise<void>;
}

/** A secret provider that keeps values, and can watch and reread them. */
export interface CachedSecrets extends SecretProvider {
  /**
   * Reads a secret whenever it is due, and tells the listener when another value is in use: at most
   * `cacheTtlSeconds` and a tenth after it was stored.
   *
   * @returns The function that ends it.
   * @throws {ConfigError} When the name cannot be a name in this backend.
   */
  watch(name: string, listener: (change: SecretChange) => void): () => void;
  /**
   * Reads a secret now, because its value was just refused. It does so at most once in 30 seconds, and
   * otherwise acts like `get`. If the secret cannot be read, it returns the last good value.
   */
  reread(name: string, context: SecretContext): Promise<SecretLookup>;
  /** Ends all reading and watching. Nothing of it keeps the process alive. */
  close(): Promise<void>;
}

interface Entry {
  readonly cached: CachedSecret;
  readonly watch: Watch<SecretChange>;
}

const maximumReadingsAtOnce = 8;

const optionChecks: Checks<CachedSecretsOptions> = {
  ...cacheOptionChecks,
  name: check.text,
  subject: check.optional(check.text),
  canonicalName: check.callback,
  read: check.callback,
  remedies: check.optional(check.recordOf(check.optional(check.callback))),
  close: check.optional(check.callback),
};

/**
 * Makes a secret provider of a function that reads one secret: with a cache, refresh ahead of time,
 * retries, a deadline, rotation, and the last good value during an outage.
 *
 * It reads nothing until the first secret is asked for.
 *
 * @example
 * ```ts
 * const secrets = createCachedSecrets({
 *   name: 'acme',
 *   canonicalName: (name) => name,
 *   read: async (name, signal) => ({ value: await load(name, signal), version: '1' }),
 * });
 * ```
 * @throws {ConfigError} When an option cannot be used.
 */
export function createCachedSecrets(given: CachedSecretsOptions): CachedSecrets {
  const options = checkOptions('cachedSecrets', given, optionChecks);
  const { name: label, subject = label, canonicalName, read, remedies = {}, close } = options;
  const { validate = () => {}, onEvent } = options;
  if (!/^[a-z][a-z0-9_-]{0,63}$/.test(label)) {
    throw new ConfigError('cachedSecrets.name', 'must be lower case letters, digits, - and _');
  }
  const { ttlMs, maximumStaleMs, timeoutMs, monotonicNow, wait } = readCacheSettings(
    subject,
    options,
  );
  const limit = createSemaphore(maximumReadingsAtOnce);
  const closed = new AbortController();
  const tellListener = createReporter<SecretEvent>(onEvent);
  const entries = new Map<string, Entry>();

  function report(event: SecretEvent): void {
    // A reading that breaks off at shutdown is no outage.
    if (!closed.signal.aborted) tellListener(event);
  }

  function find(asked: string): Entry {
    const name = canonicalName(asked);
    const known = entries.get(name);
    if (known !== undefined) return known;
    const attempt = (signal: AbortSignal) =>
      limit(async () => {
        signal.throwIfAborted();
        // A backend that ignores its signal must not keep its place for ever.
        return checkReading(await waitUntilAborted(read(name, signal), signal));
      });
    const cached = createCachedSecret({
      name,
      ttlMs,
      maximumStaleMs,
      monotonicNow,
      wait,
      report,
      random: Math.random,
      read: () => readWithRetries({ attempt, timeoutMs, signal: closed.signal }),
      findProblem: (value) => findProblem(validate, name, value),
      remedyFor: (fault) => remedies[fault]?.(name),
      onChange: ({ secret, version }, previous) =>
        watch.tell({ name, secret, version, previousVersion: previous?.version }),
    });
    const watch = createWatch<SecretChange>({ cached, wait, closed: closed.signal });
    const entry: Entry = { cached, watch };
    entries.set(name, entry);
    return entry;
  }

  return {
    name: label,
    get: async (name, { signal }) => find(name).cached.get(signal),
    reread: async (name, { signal }) => find(name).cached.reread(signal),
    watch: (name, listener) => find(name).watch.add(listener),

    async close() {
      closed.abort();
      await close?.();
    },
  };
}

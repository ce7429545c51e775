import { setTimeout as sleep } from 'node:timers/promises';
import { AuthError, type Checks, ConfigError, check, checkOptions } from '@sallyport/core';
import { createGuardedFetch, findJsonFault, type GuardedFetch } from '@sallyport/guarded-fetch';
import { readKeySet } from '../key-set.ts';
import type { PublicKeySource } from '../key-source.ts';
import { type FetchedKeysOptions, fetchedKeysChecks } from './fetched-keys-options.ts';
import { createJwksCache, type JwksCacheOptions } from './jwks-cache.ts';

/** Options for {@link remoteJwks}. */
export interface RemoteJwksOptions extends FetchedKeysOptions {
  /** The address of the JWK set. */
  readonly url: string;
}

// RFC 7517 §8.5. Kubernetes serves its keys under the first type only.
const mediaTypes: readonly string[] = ['application/jwk-set+json', 'application/json'];

// File servers and buckets serve JSON under these types if no type is set. HTML is not among them.
const wrongMediaTypes: readonly string[] = [
  '',
  'text/plain',
  'text/json',
  'application/x-json',
  'application/octet-stream',
  'binary/octet-stream',
];

// The minimum time between two fetches. A new key is found within this time.
const cooldownMs = 5_000;

// A function, so that bundles leave it out where nothing calls the factory.
const optionChecks = (): Checks<RemoteJwksOptions> => ({
  ...fetchedKeysChecks,
  url: check.text,
});

/**
 * Creates a key source that fetches a JWK set. It fetches when a key is first needed, refreshes the
 * keys before they expire, and keeps them during an outage. Tokens never decide where keys come from.
 *
 * @throws {ConfigError} When the address is not allowed, or a number is out of range.
 */
export function remoteJwks(given: RemoteJwksOptions): PublicKeySource {
  const options = checkOptions('jwt.keys', given, optionChecks());
  const { url, environment } = options;
  if (environment.isProduction && isHttpOfThisMachine(url)) {
    throw new ConfigError(
      'jwt.keys.url',
      'Cannot use HTTP localhost JWKS URI in production. Use the https address of the issuer',
    );
  }
  const keys = openJwks(url, options, 'jwt.keys.url');
  const bounds = readBounds(options);
  return {
    kind: 'jwks',
    url,
    open: (algorithms) =>
      createJwksCache({
        ...bounds,
        load: async (signal, previous) =>
          readKeySet(await getDocument(keys, signal), algorithms, previous),
        close: () => keys.close(),
      }),
  };
}

/** Any spelling of loopback: the URL parser turns `http://2130706433` into `127.0.0.1`. */
function isHttpOfThisMachine(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  const isLocal = /^((.+\.)?localhost\.?|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
  return protocol === 'http:' && isLocal;
}

/** @throws {ConfigError} When it is out of range. */
export function readTimeoutMs({ timeoutSeconds = 5 }: FetchedKeysOptions): number {
  if (!(timeoutSeconds >= 0.001 && timeoutSeconds <= 60)) {
    throw new ConfigError('jwt.keys.timeoutSeconds', 'must be a number from 0.001 to 60');
  }
  return Math.round(timeoutSeconds * 1_000);
}

/** Creates a client for one document, with the limits for key sets and metadata. */
export function openJwks(url: string, options: FetchedKeysOptions, option: string): GuardedFetch {
  const { environment, allowPrivateNetwork = false, proxyUrl } = options;
  return createGuardedFetch({
    url,
    environment,
    timeoutSeconds: readTimeoutMs(options) / 1_000,
    allowPrivateNetwork,
    mediaTypes,
    wrongMediaTypes,
    option,
    ...(proxyUrl !== undefined && { proxyUrl }),
  });
}

/** @throws {AuthError} `upstream_unavailable` for every status but 200, and for JSON with two readings. */
export async function getDocument(client: GuardedFetch, signal: AbortSignal): Promise<unknown> {
  const { status, json, text = '', retryAfterSeconds } = await client.request({ signal });
  const fault = status === 200 ? findJsonFault(text, json) : undefined;
  if (fault !== undefined) throw new AuthError('upstream_unavailable', { detail: fault });
  if (status === 200) return json;
  throw new AuthError('upstream_unavailable', {
    detail: `HTTP ${status}`,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  });
}

/**
 * Reads when keys are fetched, and who receives the events.
 *
 * @throws {ConfigError} When a number is out of range.
 */
export function readBounds(options: FetchedKeysOptions): Omit<JwksCacheOptions, 'load' | 'close'> {
  const { cacheTtlSeconds = 3_600, maximumStaleSeconds = 86_400, onKeyEvent } = options;
  const { timeoutSeconds = 5 } = options;
  if (!(cacheTtlSeconds >= 1 && cacheTtlSeconds <= 86_400)) {
    throw new ConfigError('jwt.keys.cacheTtlSeconds', 'must be from 1 to 86400');
  }
  if (!(maximumStaleSeconds >= 0 && maximumStaleSeconds <= 604_800)) {
    throw new ConfigError('jwt.keys.maximumStaleSeconds', 'must be from 0 to 604800');
  }
  return {
    // Whatever has a deadline settles a little after it.
    limitMs: timeoutSeconds * 1_000 + 1_000,
    ttlMs: cacheTtlSeconds * 1_000,
    maximumStaleMs: maximumStaleSeconds * 1_000,
    cooldownMs,
    monotonicNow: options.monotonicNow ?? (() => performance.now()),
    random: Math.random,
    // Unreferenced: a waiting request must not keep the process alive.
    wait: (milliseconds, signal) => sleep(milliseconds, undefined, { signal, ref: false }),
    report(event) {
      try {
        onKeyEvent?.(event);
      } catch {
        // A listener that throws must not look like an outage of the keys.
      }
    },
  };
}

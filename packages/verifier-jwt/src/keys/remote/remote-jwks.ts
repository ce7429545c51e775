import { setTimeout as sleep } from 'node:timers/promises';
import { AuthError, type Checks, ConfigError, check, checkOptions } from '@sallyport/core';
import { createGuardedFetch, findJsonFault, type GuardedFetch } from '@sallyport/guarded-fetch';
import { readKeySet } from '../key-set.ts';
import type { PublicKeySource } from '../key-source.ts';
import { type FetchedKeysOptions, fetchedKeysChecks } from './fetched-keys-options.ts';
import { createJwksCache, type JwksCacheOptions } from './jwks-cache.ts';

/** Options for {@link remoteJwks}. */
export interface RemoteJwksOptions extends FetchedKeysOptions {
  /** The JWK set's address. */
  readonly url: string;
}

// RFC 7517 §8.5. Kubernetes serves its keys under the first type only.
const mediaTypes: readonly string[] = ['application/jwk-set+json', 'application/json'];

// What file servers and buckets call JSON that nobody told them the type of. A page (HTML) is none of these.
const wrongMediaTypes: readonly string[] = [
  '',
  'text/plain',
  'text/json',
  'application/x-json',
  'application/octet-stream',
  'binary/octet-stream',
];

// At most one fetch in this time, so that a new key is picked up within it.
const cooldownMs = 5_000;

const optionChecks: Checks<RemoteJwksOptions> = {
  ...fetchedKeysChecks,
  url: check.text,
};

/**
 * Public keys of a JWK set that is fetched when first needed, and kept through outages of its
 * origin. Tokens never decide where keys come from.
 *
 * @throws {ConfigError} When the URL must not be asked, or a number is out of range.
 */
export function remoteJwks(given: RemoteJwksOptions): PublicKeySource {
  const options = checkOptions('jwt.keys', given, optionChecks);
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

/** A client for one document, with the bounds of all documents about keys. */
export function openJwks(url: string, options: FetchedKeysOptions, option: string): GuardedFetch {
  const { environment, timeoutMs = 5_000, allowPrivateNetwork = false, proxyUrl } = options;
  return createGuardedFetch({
    url,
    environment,
    timeoutMs,
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
 * When keys are fetched, and who hears of it.
 *
 * @throws {ConfigError} When a number is out of range.
 */
export function readBounds(options: FetchedKeysOptions): Omit<JwksCacheOptions, 'load' | 'close'> {
  const { cacheTtlSeconds = 3_600, maximumStaleSeconds = 86_400, onKeyEvent } = options;
  const { timeoutMs = 5_000 } = options;
  if (!(cacheTtlSeconds >= 1 && cacheTtlSeconds <= 86_400)) {
    throw new ConfigError('jwt.keys.cacheTtlSeconds', 'must be from 1 to 86400');
  }
  if (!(maximumStaleSeconds >= 0 && maximumStaleSeconds <= 604_800)) {
    throw new ConfigError('jwt.keys.maximumStaleSeconds', 'must be from 0 to 604800');
  }
  return {
    // Whatever has a deadline settles a little after it.
    limitMs: timeoutMs + 1_000,
    ttlMs: cacheTtlSeconds * 1_000,
    maximumStaleMs: maximumStaleSeconds * 1_000,
    cooldownMs,
    now: options.now ?? (() => performance.now()),
    random: Math.random,
    // Unreferenced: somebody who waits for a key must not keep a process alive that wants to end.
    wait: (milliseconds, signal) => sleep(milliseconds, undefined, { signal, ref: false }),
    report(event) {
      try {
        onKeyEvent?.(event);
      } catch {
        // A broken log must not be taken for an outage of the keys.
      }
    },
  };
}

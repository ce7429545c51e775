/** Which key signs now, and which keys the upstream may meet. */
import type { Secret } from '@sallyport/core';
import {
  type AssertionKey,
  createRandomKey,
  type PublishedKey,
  readAssertionKey,
  readPublishedKey,
} from './assertion-key.ts';

/** The keys of one upstream. */
export interface AssertionKeys {
  /** The key that signs at this moment. */
  current(): AssertionKey;
  /** The key set as JSON (RFC 7517 §5). It holds public members only. */
  keySet(): string;
  /**
   * Publishes another key at once, and signs with it after `changeAfterMs`. The key before stays in the key set
   * for the same time again. The key that is next already changes nothing.
   *
   * @throws {ConfigError} When the secret is no such key. Nothing changes then.
   */
  replace(next: Secret): void;
}

/** Options for {@link createAssertionKeys}. */
export interface AssertionKeysOptions {
  /** Default: a random key. */
  readonly key: Secret | undefined;
  /** Keys that only the key set shows: the one before, and the next one. */
  readonly published: readonly Secret[];
  /** Clock, in milliseconds since the epoch. */
  readonly now: () => number;
}

/** How long upstreams may cache the key set, in seconds. */
export const keySetSeconds = 300;
/** Twice that: every cache has learned of a key before it is used. */
const changeAfterMs = 2 * keySetSeconds * 1_000;

interface Retired {
  readonly key: AssertionKey;
  readonly until: number;
}

/** @throws {ConfigError} When a secret is no key of the curve P-256. */
export function createAssertionKeys({ key, published, now }: AssertionKeysOptions): AssertionKeys {
  const others = published.map((secret, index) =>
    readPublishedKey(`upstream.publishedKeys[${index}]`, secret),
  );
  let signing = key === undefined ? createRandomKey() : readAssertionKey(keyOption, key);
  let next: { readonly key: AssertionKey; readonly from: number } | undefined;
  let retired: readonly Retired[] = [];

  function advance(): void {
    const time = now();
    if (next !== undefined && time >= next.from) {
      retired = [...retired, { key: signing, until: next.from + changeAfterMs }];
      signing = next.key;
      next = undefined;
    }
    if (retired.length > 0) retired = retired.filter(({ until }) => time < until);
  }

  return {
    current() {
      if (next !== undefined) advance();
      return signing;
    },

    keySet() {
      advance();
      const all: readonly (PublishedKey | undefined)[] = [
        signing,
        next?.key,
        ...retired.map((each) => each.key),
        ...others,
      ];
      const byId = new Map(all.flatMap((each) => (each ? [[each.keyId, each.publicJwk]] : [])));
      return JSON.stringify({ keys: [...byId.values()] });
    },

    replace(secret) {
      const replacement = readAssertionKey(keyOption, secret);
      advance();
      if (replacement.keyId === next?.key.keyId) return;
      next = { key: replacement, from: now() + changeAfterMs };
    },
  };
}

const keyOption = 'upstream.assertionKey';

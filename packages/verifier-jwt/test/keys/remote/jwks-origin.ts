/** A key cache with a clock and an origin of the test's own. */
import { testContext } from '@sallyport/contract-tests';
import type { KeyEvent } from '../../../src/keys/key-event.ts';
import { type KeySet, readKeySet } from '../../../src/keys/key-set.ts';
import { createJwksCache, type JwksCacheOptions } from '../../../src/keys/remote/jwks-cache.ts';
import { jwks } from '../../fixture.ts';

export const [ec, rsa] = jwks.keys;
export const algorithms = ['ES256', 'RS256'];
export const both = readKeySet(jwks, algorithms);
export const onlyEc = readKeySet({ keys: [ec] }, algorithms);
export const none = readKeySet({ keys: [] }, algorithms);
export const es = { keyId: 'es', algorithm: 'ES256' };
export const rs = { keyId: 'rs', algorithm: 'RS256' };
export const outage = () => Promise.reject(new Error('ECONNREFUSED'));
export const context = testContext();

export function setUp(overrides: Partial<JwksCacheOptions> = {}) {
  const origin = {
    load: (): Promise<KeySet> => Promise.resolve(both),
    /** By default time stands still, so that nobody who waits learns anything. */
    wait: async (_milliseconds: number): Promise<void> => {},
    waits: [] as number[],
    events: [] as KeyEvent[],
    fetches: 0,
    now: 0,
  };
  const cache = createJwksCache({
    load: () => {
      origin.fetches += 1;
      return origin.load();
    },
    ttlMs: 3_600_000,
    maximumStaleMs: 86_400_000,
    cooldownMs: 5_000,
    monotonicNow: () => origin.now,
    random: () => 0.5,
    wait: async (milliseconds) => {
      origin.waits.push(milliseconds);
      await origin.wait(milliseconds);
    },
    report: (event) => origin.events.push(event),
    close: async () => {},
    ...overrides,
  });
  const find = async (query = es, given = context) => {
    try {
      return (await cache.find(query, given)).keyId;
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  /** Lets background work of this tick end. */
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return { origin, cache, find, settle };
}

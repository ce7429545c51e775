/** A minute of 20,400 made-up key ids, in three seconds. `nightly` has 600,000 of them in real time. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, it } from 'vitest';
import { type BehindProxy, startBehindProxy } from './behind-proxy.ts';
import { fetchBudget, runFlood } from './flood-run.ts';

const total = 20_400;

async function setUp(timeoutMs: number, onTestFinished: (end: () => Promise<void>) => void) {
  const clock = { now: 0 };
  const site = await startBehindProxy({
    cacheTtlSeconds: 3_600,
    maximumStaleSeconds: 86_400,
    timeoutMs,
    now: () => clock.now,
  });
  onTestFinished(site.stop);
  const tick = async () => {
    clock.now += 100;
    await sleep(4);
  };
  const flood = { site, seconds: 60, tokensPerSecond: total / 60, now: () => clock.now, tick };
  return { clock, site, flood };
}

type Silence = readonly [
  name: string,
  begin: (site: BehindProxy) => Promise<void> | void,
  countRequests: (site: BehindProxy) => number,
];

const silences: readonly Silence[] = [
  [
    'takes requests and never answers',
    ({ server }) => server.fault('/jwks', { kind: 'hang' }),
    ({ server }) => server.hits('/jwks'),
  ],
  [
    'is a black hole',
    ({ proxy }) => proxy.fault({ kind: 'black-hole' }),
    // The HTTP client connects once more, for nothing, after each request that is given up
    // (nodejs/undici#5845).
    ({ proxy }) => proxy.connections / 2,
  ],
];

describe('a flood of unknown key ids', () => {
  it.concurrent('is no flood for the origin, and costs no good token (JWK-12)', async ({
    expect,
    onTestFinished,
  }) => {
    const { clock, site, flood } = await setUp(5_000, onTestFinished);
    const { good, unknown } = await runFlood(flood);

    expect(unknown).toEqual({ token_key_unknown: total });
    expect(Object.keys(good)).toEqual(['verified']);
    expect(good.verified).toBeGreaterThan(1_000);
    expect(site.server.hits('/jwks')).toBeLessThanOrEqual(fetchBudget(clock.now));
    expect(site.server.hits('/jwks')).toBeGreaterThan(5);
  });

  it.concurrent.for(silences)(
    'is none either for an origin that %s, and costs no good token (JWK-12, JWK-17)',
    async ([, begin, countRequests], { expect, onTestFinished }) => {
      const { clock, site, flood } = await setUp(250, onTestFinished);
      expect(await site.ask(await site.server.mintToken())).toBe('verified');
      await begin(site);
      const { good, unknown } = await runFlood(flood);

      const { token_key_unknown: early = 0, upstream_unavailable: later = 0 } = unknown;
      expect(early + later).toBe(total);
      // Until a fetch has failed, the keys are as good as new.
      expect(early).toBeLessThan(total / 4);
      expect(Object.keys(good)).toEqual(['verified']);
      expect(good.verified).toBeGreaterThan(1_000);
      expect(site.fetches.length).toBeLessThanOrEqual(fetchBudget(clock.now));
      expect(countRequests(site)).toBeLessThanOrEqual(fetchBudget(clock.now));
      expect(countRequests(site)).toBeGreaterThan(3);
    },
  );

  it.concurrent('leaves few requests waiting for an origin that never answers (JWK-13)', async ({
    expect,
    onTestFinished,
  }) => {
    const { site, flood } = await setUp(250, onTestFinished);
    expect(await site.ask(await site.server.mintToken())).toBe('verified');
    await site.proxy.fault({ kind: 'black-hole' });
    const { waiting } = await runFlood(flood);

    // 64 are held, 128 wait for the fetch, and 36 come at once.
    expect(waiting).toBeLessThan(240);
  });
});

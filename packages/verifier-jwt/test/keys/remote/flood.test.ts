/** A minute of 9,000 made-up key ids, in three seconds. `nightly` has 600,000 of them in real time. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { type BehindProxy, startBehindProxy } from './behind-proxy.ts';
import { fetchBudget, runFlood } from './flood-run.ts';

const total = 9_000;

async function setUp(timeoutMs: number) {
  const clock = { now: 0 };
  const site = await startBehindProxy({
    cacheTtlSeconds: 3_600,
    maximumStaleSeconds: 86_400,
    timeoutMs,
    now: () => clock.now,
  });
  const tick = async () => {
    clock.now += 100;
    await sleep(4);
  };
  const flood = { site, seconds: 60, tokensPerSecond: total / 60, now: () => clock.now, tick };
  return { clock, site, flood, first: await site.ask(await site.server.mintToken()) };
}

type SetUp = Awaited<ReturnType<typeof setUp>>;

// Before any flood begins: in the midst of others, 250 ms would be too little for the first keys.
const timeouts = { ofMany: 5_000, ofHanging: 250, ofBlackHole: 250, ofWaiting: 250 };
const sites = new Map<keyof typeof timeouts, SetUp>();

beforeAll(async () => {
  for (const [name, timeoutMs] of Object.entries(timeouts)) {
    sites.set(name as keyof typeof timeouts, await setUp(timeoutMs));
  }
});
afterAll(() => Promise.all([...sites.values()].map(({ site }) => site.stop())));

function siteOf(name: keyof typeof timeouts): SetUp {
  const site = sites.get(name);
  if (site === undefined) throw new Error(`no site ${name}`);
  return site;
}

type Silence = readonly [
  name: string,
  site: 'ofHanging' | 'ofBlackHole',
  begin: (site: BehindProxy) => Promise<void> | void,
  countRequests: (site: BehindProxy) => number,
];

const silences: readonly Silence[] = [
  [
    'takes requests and never answers',
    'ofHanging',
    ({ server }) => server.fault('/jwks', { kind: 'hang' }),
    ({ server }) => server.hits('/jwks'),
  ],
  [
    'is a black hole',
    'ofBlackHole',
    ({ proxy }) => proxy.fault({ kind: 'black-hole' }),
    // The HTTP client connects once more, for nothing, after each request that is given up
    // (nodejs/undici#5845).
    ({ proxy }) => proxy.connections / 2,
  ],
];

describe('a flood of unknown key ids', () => {
  it.concurrent('is no flood for the origin, and costs no good token (JWK-12)', async ({
    expect,
  }) => {
    const { clock, site, flood } = siteOf('ofMany');
    const { good, unknown } = await runFlood(flood);

    const { token_key_unknown: refused = 0, token_key_pending: pending = 0 } = unknown;
    expect(refused + pending).toBe(total);
    expect(Object.keys(good)).toEqual(['verified']);
    expect(good.verified).toBeGreaterThan(1_000);
    expect(site.server.hits('/jwks')).toBeLessThanOrEqual(fetchBudget(clock.now));
    expect(site.server.hits('/jwks')).toBeGreaterThan(5);
  });

  it.concurrent.for(silences)(
    'is none either for an origin that %s, and costs no good token (JWK-12, JWK-17)',
    async ([, name, begin, countRequests], { expect }) => {
      const { clock, site, flood, first } = siteOf(name);
      expect(first).toBe('verified');
      await begin(site);
      const { good, unknown } = await runFlood(flood);

      const { token_key_pending: early = 0, upstream_unavailable: later = 0 } = unknown;
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
  }) => {
    const { site, flood, first } = siteOf('ofWaiting');
    expect(first).toBe('verified');
    await site.proxy.fault({ kind: 'black-hole' });
    const { waiting } = await runFlood(flood);

    // 64 are held, 128 wait for the fetch, and 36 come at once.
    expect(waiting).toBeLessThan(240);
  });
});

/**
 * Ten minutes without keys, in every way in which an origin can be away. A minute takes a quarter of a
 * second here; time limits are real, so that what hangs does so for longer than in life.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, it } from 'vitest';
import { type BehindProxy, type Outcome, startBehindProxy, tally } from './behind-proxy.ts';

type Outage = readonly [name: string, begin: (site: BehindProxy) => Promise<void> | void];

const html = { 'Content-Type': 'text/html' };
const outages: readonly Outage[] = [
  ['refuses', ({ proxy }) => proxy.fault({ kind: 'refuse' })],
  ['resets', ({ proxy }) => proxy.fault({ kind: 'reset' })],
  ['never answers', ({ proxy }) => proxy.fault({ kind: 'black-hole' })],
  ['trickles', ({ proxy }) => proxy.fault({ kind: 'bandwidth', bytesPerSecond: 10 })],
  ['is cut off in its head', ({ proxy }) => proxy.fault({ kind: 'cut', afterBytes: 20 })],
  ['is cut off', ({ server }) => server.fault('/jwks', { kind: 'cut', afterBytes: 20 })],
  ['answers 500', ({ server }) => server.fault('/jwks', { kind: 'status', status: 500 })],
  [
    'answers with a page',
    ({ server }) =>
      server.fault('/jwks', { kind: 'status', status: 200, headers: html, body: '<html>' }),
  ],
];

const timeoutMs = 1_500;
const hardLimit = 660_000;

async function setUp(onTestFinished: (end: () => Promise<void>) => void) {
  const clock = { now: 0 };
  const site = await startBehindProxy({
    cacheTtlSeconds: 60,
    maximumStaleSeconds: 600,
    timeoutMs,
    now: () => clock.now,
  });
  onTestFinished(site.stop);
  const askFresh = async () => site.ask(await site.server.mintToken());

  /** Moves the clock until there are keys: on a busy machine the first fetch can exceed its time limit. */
  async function loadKeys(token: string): Promise<void> {
    while ((await site.ask(token)) !== 'verified') clock.now += 1_000;
  }
  return { clock, site, askFresh, loadKeys };
}

type SetUp = Awaited<ReturnType<typeof setUp>>;

/** Sends what comes in within some minutes: a token that is known, a new one, one of an unknown key. */
async function runUntil(end: number, known: string, { clock, site }: SetUp) {
  const good: Promise<Outcome>[] = [];
  const unknown: Promise<Outcome>[] = [];
  for (; clock.now < end; clock.now += 6_000) {
    // Signing takes its time on a busy machine: a token must not come after the clock has gone on.
    const fresh = await site.server.mintToken();
    good.push(site.ask(known), site.ask(fresh));
    if (good.length % 4 === 0) unknown.push(site.ask(site.withKeyId(`unknown-${clock.now}`)));
    // Slow enough that fewer than 128 requests wait for a fetch that hangs for 1.5 seconds.
    await sleep(30);
  }
  return { good: tally(await Promise.all(good)), unknown: tally(await Promise.all(unknown)) };
}

/** Revives the origin just after somebody asked it, and asks once a second what has become of it. */
async function reviveAtTheWorstMoment({ clock, site, askFresh }: SetUp): Promise<Outcome[]> {
  clock.now += 60_000;
  const asked = askFresh();
  await sleep(30);
  await site.revive();
  for (let second = 0; second < 5; second += 1) {
    // A fetch that hangs takes five of these seconds, as it would by default.
    await sleep(timeoutMs / 5 + 2);
    clock.now += 1_000;
  }
  const outcomes = [await asked];
  for (let second = 5; second < 15; second += 1) {
    outcomes.push(await askFresh());
    clock.now += 1_000;
  }
  return outcomes;
}

describe('an origin that', () => {
  it.concurrent.for(outages)(
    '%s for ten minutes costs no good token, and then none is called bad (JWK-15, JWK-17)',
    async ([, begin], { expect, onTestFinished }) => {
      const set = await setUp(onTestFinished);
      const known = await set.site.server.mintToken();
      await set.loadKeys(known);
      const loadedAt = set.clock.now;
      set.clock.now += 30_000;
      await begin(set.site);

      const within = await runUntil(loadedAt + hardLimit, known, set);
      expect(within).toEqual({ good: { verified: 210 }, unknown: { upstream_unavailable: 52 } });
      const beyond = await runUntil(loadedAt + hardLimit + 60_000, known, set);
      expect(beyond).toEqual({
        good: { upstream_unavailable: 20 },
        unknown: { upstream_unavailable: 5 },
      });

      const [asked, ...later] = await reviveAtTheWorstMoment(set);
      expect(['verified', 'upstream_unavailable']).toContain(asked);
      expect(tally(later)).toEqual({ verified: 10 });
      expect(await set.site.ask(known)).toBe('verified');
    },
  );

  it.concurrent.for(outages)(
    '%s from the start is asked again, and the first keys are used within 5 seconds (JWK-16)',
    async ([, begin], { expect, onTestFinished }) => {
      const set = await setUp(onTestFinished);
      const token = await set.site.server.mintToken();
      await begin(set.site);

      const before = await runUntil(30_000, token, set);
      expect(before).toEqual({
        good: { upstream_unavailable: 10 },
        unknown: { upstream_unavailable: 2 },
      });
      const [asked, ...later] = await reviveAtTheWorstMoment(set);
      expect(['verified', 'upstream_unavailable']).toContain(asked);
      expect(tally(later)).toEqual({ verified: 10 });
    },
  );
});

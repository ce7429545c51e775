/** Keys that change while requests are under way. The test moves the clock; `nightly` has real time. */
import { decodeProtectedHeader } from 'jose';
import { it } from 'vitest';
import { type BehindProxy, startBehindProxy, tally } from './behind-proxy.ts';
import {
  type Answer,
  expectNoGoodTokenRefused,
  expectWithdrawn,
  outcomesOf,
  type Rotation,
} from './rotation-verdicts.ts';

// Half a cool-down, so that nobody is held for the end of one: that takes up to 2 seconds of real time.
const stepMs = 2_500;
// Fewer at once than the 128 that may wait for a fetch.
const atOnce = 40;
const batchesPerStep = 5;

async function startSite(cacheTtlSeconds: number, onTestFinished: (stop: Stop) => void) {
  const clock = { now: 0 };
  const site = await startBehindProxy({
    cacheTtlSeconds,
    maximumStaleSeconds: 600,
    timeoutMs: 20_000,
    now: () => clock.now,
  });
  onTestFinished(site.stop);
  return { clock, site, load: await startLoad(site, clock) };
}

type Stop = () => Promise<void>;

const mintMany = (site: BehindProxy) =>
  Promise.all(Array.from({ length: 20 }, () => site.server.mintToken()));

/** Sends tokens of all keys so far, each of them again and again, and some that are new. */
async function startLoad(site: BehindProxy, clock: { now: number }) {
  const answers: Answer[] = [];
  const batches = [await mintMany(site)];
  let round = 0;

  async function send(token: string): Promise<void> {
    const { kid: keyId } = decodeProtectedHeader(token);
    const sentAt = clock.now;
    answers.push({ keyId, sentAt, outcome: await site.ask(token) });
  }

  function nextKnown(): string {
    round += 1;
    const batch = batches[round % batches.length] ?? [];
    return batch[Math.floor(round / batches.length) % batch.length] as string;
  }

  return {
    answers,
    async rotate(options?: { readonly retireOld: boolean }) {
      const { kid: keyId } = await site.server.rotateKeys(options);
      batches.push(await mintMany(site));
      return { keyId, at: clock.now };
    },
    /** Whoever waits for a fetch has its answer before the clock goes on. */
    async forSeconds(seconds: number): Promise<void> {
      const end = clock.now + seconds * 1_000;
      while (clock.now < end) {
        clock.now += stepMs;
        for (let batch = 0; batch < batchesPerStep; batch += 1) {
          const known = Array.from({ length: atOnce - 1 }, nextKnown);
          await Promise.all([...known, await site.server.mintToken()].map(send));
        }
      }
    },
  };
}

it.concurrent('refuses no good token from 5 seconds after a rotation on, and none of the old key ever (JWK-13)', async ({
  expect,
  onTestFinished,
}) => {
  const { clock, site, load } = await startSite(3_600, onTestFinished);
  await load.forSeconds(2.5);
  const rotations: Rotation[] = [];
  for (let rotation = 0; rotation < 3; rotation += 1) {
    rotations.push(await load.rotate());
    await load.forSeconds(10);
  }

  const { answers } = load;
  expectNoGoodTokenRefused(expect, answers, { rotations, moreThan: atOnce });
  // The first rotation comes right after the first fetch, in its cool-down.
  expect(outcomesOf(answers).token_key_pending).toBeGreaterThan(0);
  expect(site.fetches.length).toBeLessThanOrEqual(1 + clock.now / 5_000);
});

it.concurrent('refuses a withdrawn key within the time that keys are fresh, also those it knows (JWK-14)', async ({
  expect,
  onTestFinished,
}) => {
  const { load } = await startSite(20, onTestFinished);
  await load.forSeconds(5);
  const rotation = await load.rotate({ retireOld: true });
  await load.forSeconds(30);

  const { answers } = load;
  expectWithdrawn(expect, answers, {
    rotation,
    isBefore: (sentAt) => sentAt <= rotation.at,
    moreThan: atOnce,
  });
});

it.concurrent('refuses a withdrawn key although nobody has a token of the new one (JWK-14)', async ({
  expect,
  onTestFinished,
}) => {
  const { clock, site } = await startSite(20, onTestFinished);
  const old = await mintMany(site);
  const askAll = async () => tally(await Promise.all(old.map(site.ask)));
  expect(await askAll()).toEqual({ verified: old.length });
  await site.server.rotateKeys({ retireOld: true });
  for (let step = 0; step < 8; step += 1) {
    clock.now += stepMs;
    await askAll();
  }

  const { token_key_unknown: refused = 0, token_key_pending: pending = 0 } = await askAll();
  expect(refused + pending).toBe(old.length);
});

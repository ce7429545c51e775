/** Keys that change while thousands of requests per second are under way, in real time. */
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeProtectedHeader } from 'jose';
import { it } from 'vitest';
import { type BehindProxy, startBehindProxy, tally } from '../test/keys/remote/behind-proxy.ts';
import {
  type Answer,
  expectNoGoodTokenRefused,
  expectWithdrawn,
  type Rotation,
} from '../test/keys/remote/rotation-verdicts.ts';

const now = () => performance.now();
const clients = 150;

/** Clients that send tokens of all keys so far, each of them again and again. */
async function startLoad(site: BehindProxy) {
  const answers: Answer[] = [];
  const tokens: string[][] = [];
  let isOver = false;

  async function mint(): Promise<void> {
    tokens.push(await Promise.all(Array.from({ length: 100 }, () => site.server.mintToken())));
  }

  async function run(client: number): Promise<void> {
    for (let round = client; !isOver; round += 1) {
      const ready = tokens[round % tokens.length]?.[round % 100];
      // Every tenth token was never seen before.
      const token = round % 10 === 0 ? undefined : ready;
      await send(token ?? (await site.server.mintToken()));
      await sleep(40 + (client % 20));
    }
  }

  async function send(token: string): Promise<void> {
    const { kid: keyId } = decodeProtectedHeader(token);
    const sentAt = now();
    answers.push({ keyId, sentAt, outcome: await site.ask(token) });
  }

  await mint();
  const running = Array.from({ length: clients }, (_, client) => run(client));
  return {
    async rotate(options?: { readonly retireOld: boolean }) {
      const { kid: keyId } = await site.server.rotateKeys(options);
      const at = now();
      await mint();
      return { keyId, at };
    },
    forSeconds: (seconds: number) => sleep(seconds * 1_000),
    async end(): Promise<readonly Answer[]> {
      isOver = true;
      await Promise.all(running);
      return answers;
    },
  };
}

async function startSite(cacheTtlSeconds: number): Promise<BehindProxy> {
  const maximumStaleSeconds = 600;
  return startBehindProxy({ cacheTtlSeconds, maximumStaleSeconds, timeoutMs: 5_000, now });
}

it.concurrent('refuses no good token from 5 seconds after a rotation on, and none of the old key ever (JWK-13)', async ({
  expect,
  onTestFinished,
}) => {
  const startedAt = now();
  const site = await startSite(3_600);
  onTestFinished(site.stop);
  const load = await startLoad(site);
  await load.forSeconds(3);
  const rotations: Rotation[] = [];
  for (let rotation = 0; rotation < 3; rotation += 1) {
    rotations.push(await load.rotate());
    await load.forSeconds(10);
  }
  const answers = await load.end();

  expectNoGoodTokenRefused(expect, answers, { rotations, moreThan: clients });
  expect(site.fetches.length).toBeLessThanOrEqual(1 + (now() - startedAt) / 5_000);
});

it.concurrent('refuses a withdrawn key within the time that keys are fresh, also those it knows (JWK-14)', async ({
  expect,
  onTestFinished,
}) => {
  const site = await startSite(20);
  onTestFinished(site.stop);
  const load = await startLoad(site);
  await load.forSeconds(6);
  const rotation = await load.rotate({ retireOld: true });
  await load.forSeconds(30);
  const answers = await load.end();

  expectWithdrawn(expect, answers, {
    rotation,
    isBefore: (sentAt) => sentAt < rotation.at - 1_000,
    moreThan: clients,
  });
});

it.concurrent('refuses a withdrawn key although nobody has a token of the new one (JWK-14)', async ({
  expect,
  onTestFinished,
}) => {
  const site = await startSite(20);
  onTestFinished(site.stop);
  const old = await Promise.all(Array.from({ length: 100 }, () => site.server.mintToken()));
  const askAll = async () => tally(await Promise.all(old.map(site.ask)));
  expect(await askAll()).toEqual({ verified: 100 });
  await site.server.rotateKeys({ retireOld: true });
  const end = now() + 20_000;
  while (now() < end) {
    await askAll();
    await sleep(20);
  }

  const { token_key_unknown: refused = 0, token_key_pending: pending = 0 } = await askAll();
  expect(refused + pending).toBe(100);
});

/** Strangers who register, open pages and guess leave nothing behind. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { general } from '@sallyport/registration';
import { expect, it, onTestFinished } from 'vitest';
import { endpoints, production, signInWith } from '../test/in-process.ts';
import { secretsSeen } from '../test/raw-flow.ts';
import { sealingKey } from '../test/served.ts';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');
const sealed = { clientId: 'the-mcp-server', sealingKey, ...endpoints };

it('REG-22: nothing grows with registrations, pages, consents and guesses', async () => {
  const changes = { trustedProxyHops: 1 };
  const { gated, ask, form, register, allow } = await signInWith(
    general(sealed),
    production,
    changes,
  );
  onTestFinished(gated.close);
  async function round(first: number): Promise<number> {
    for (let count = first; count < first + 700; count += 1) {
      const clientId = await register();
      await allow(clientId, 'notes:read');
      // From many addresses: the limiter of the gate keeps each of them for a minute, and 100,000 at most.
      const headers = { 'X-Forwarded-For': `192.0.2.${count % 200}` };
      const guess = {
        grant_type: 'refresh_token',
        client_id: clientId,
        refresh_token: `a..${count}`,
      };
      await ask('/token', form(guess, headers));
      await ask(`/callback?state=${count}`);
    }
    // The helpers of the tests keep what they have seen.
    secretsSeen.clear();
    collect();
    return process.memoryUsage().heapUsed;
  }
  await round(0);
  const before = await round(700);
  await round(1_400);
  const after = await round(2_100);

  // 1,400 more sign-ins: less than 360 bytes of each.
  expect(after - before).toBeLessThan(500_000);
});

import { expect, it } from 'vitest';
import { runFlood } from '../test/flood.ts';
import { startWithAuthorizationServer } from '../test/reference-server.ts';

it('never limits a good token in a minute of 1,000 guesses per second (RL-06)', async () => {
  const reference = await startWithAuthorizationServer();
  const { authorizationServer, audience } = reference;
  const makeToken = () => authorizationServer.mintToken({ aud: audience, scope: 'read:data' });
  const { good, bad } = await runFlood(reference, makeToken, {
    seconds: 60,
    badTokensPerSecond: 1_000,
  });
  await reference.server.stop();
  await authorizationServer.stop();

  expect(Object.keys(good)).toEqual(['200']);
  // The ten of a minute, and those of the next one that had begun.
  expect(bad[401]).toBeLessThanOrEqual(20);
  expect(bad[429]).toBeGreaterThan(59_000);
});

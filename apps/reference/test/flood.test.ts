import { expect, it } from 'vitest';
import { runFlood } from './flood.ts';
import { startWithAuthorizationServer } from './reference-server.ts';

it('never limits a good token, whatever else its address sends (RL-06, RL-08, TOK-28)', async () => {
  const reference = await startWithAuthorizationServer();
  const { authorizationServer, audience } = reference;
  const makeToken = () => authorizationServer.mintToken({ aud: audience, scope: 'read:data' });
  const { good, bad } = await runFlood(reference, makeToken, {
    seconds: 2,
    badTokensPerSecond: 500,
  });
  await reference.server.stop();
  await authorizationServer.stop();

  expect(Object.keys(good)).toEqual(['200']);
  expect(bad).toEqual({ 401: 10, 429: 990 });
});

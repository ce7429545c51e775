import { Secret } from '@sallyport/core';
import { expect, it } from 'vitest';
import { clientSecret, startExchangeServer } from './exchange-server.ts';

it('runs the example of the README', async () => {
  const server = await startExchangeServer();
  Object.assign(process.env, {
    ENVIRONMENT: 'development',
    TOKEN_ENDPOINT: server.url,
    CLIENT_SECRET: clientSecret,
  });
  const { exchange } = await import('./readme.ts');
  const given = new Secret(await server.issueToken());
  const { signal } = new AbortController();
  const { scopes } = await exchange.exchange(given, 'crm', { expiresAt: 4_000_000_000, signal });
  await exchange.close?.();
  await server.stop();

  expect([...scopes]).toEqual(['contacts:read']);
});

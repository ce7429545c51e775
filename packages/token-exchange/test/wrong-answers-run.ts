/** The main module of a process: token exchange with servers that answer wrongly. */
import { clientSecretBasic } from '@sallyport/client-authentication';
import { detectEnvironment, Secret } from '@sallyport/core';
import { reportWrongHttpAnswers } from '@sallyport/testing/wrong-http';
import { createTokenExchange, TokenExchangeError } from '../src/index.ts';

await reportWrongHttpAnswers((url) => {
  const exchange = createTokenExchange({
    url: `${url}/token`,
    environment: detectEnvironment({ ENVIRONMENT: 'test' }),
    clientAuthentication: clientSecretBasic({
      clientId: 'notes-server',
      secret: new Secret('the-secret-of-this-server'),
    }),
    targets: { crm: { resource: 'https://crm.example.com' } },
    timeoutSeconds: 2,
    cache: { maximumTokens: 0 },
  });
  const context = { expiresAt: 4_000_000_000, signal: new AbortController().signal };
  return {
    async ask() {
      try {
        const { token } = await exchange.exchange(new Secret('a-token'), 'crm', context);
        return token.reveal() === 'upstream-token' ? 'good' : 'another token';
      } catch (error) {
        return error instanceof TokenExchangeError ? error.code : String(error);
      }
    },
    close: () => exchange.close?.(),
  };
});

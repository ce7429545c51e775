/** The main module of a process: introspection against servers that answer wrongly. */
import { detectEnvironment, isAuthError, Secret } from '@sallyport/core';
import { reportWrongHttpAnswers } from '@sallyport/testing/wrong-http';
import { bearerToken, createIntrospectionVerifier } from '../src/index.ts';

await reportWrongHttpAnswers((url) => {
  const verifier = createIntrospectionVerifier({
    url: `${url}/introspect`,
    issuer: 'https://auth.example.com',
    audience: 'https://mcp.example.com/mcp',
    environment: detectEnvironment({ ENVIRONMENT: 'test' }),
    clientAuthentication: bearerToken(new Secret('the-secret-of-this-server')),
    // Long enough for a busy machine.
    timeoutSeconds: 2,
    // Room for 10,000 tokens in each of 200 verifiers would take seconds to allocate.
    cache: { ttlSeconds: 1, maximumTokens: 10 },
  });
  let count = 0;
  return {
    async ask() {
      count += 1;
      const context = {
        nowSeconds: Math.floor(Date.now() / 1_000),
        signal: new AbortController().signal,
        allowRemote: true,
        clientKey: '198.51.100.1',
      };
      try {
        const { subject } = await verifier.verify(`opaque-token-${count}`, context);
        return subject === 'user-1' ? 'good' : 'another user';
      } catch (error) {
        return isAuthError(error) ? error.code : String(error);
      }
    },
    close: () => verifier.close?.(),
  };
});

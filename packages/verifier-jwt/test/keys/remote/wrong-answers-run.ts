/** The main module of a process: keys from servers that answer wrongly. */
import { detectEnvironment, isAuthError } from '@sallyport/core';
import { reportWrongHttpAnswers } from '@sallyport/testing/wrong-http';
import { createJwtVerifier, discoverJwks, remoteJwks } from '../../../src/index.ts';

// The cool-down between two fetches.
const pauseMs = 5_000;

await reportWrongHttpAnswers((url, about) => {
  const [kind, token = ''] = about.split(' ');
  let skippedMs = 0;
  let isRevived = false;
  const shared = {
    environment: detectEnvironment({ ENVIRONMENT: 'test' }),
    // Long enough for a busy machine.
    timeoutSeconds: 3,
    monotonicNow: () => performance.now() + skippedMs,
  };
  const verifier = createJwtVerifier({
    issuer: 'https://auth.example.com',
    audience: 'https://mcp.example.com/mcp',
    algorithms: ['ES256'],
    cache: { maximumTokens: 1 },
    keys:
      kind === 'discovered'
        ? discoverJwks({ issuer: url, ...shared })
        : remoteJwks({ url: `${url}/keys`, ...shared }),
  });
  return {
    async ask() {
      // Whoever may be asked again for an answer on a busy machine does so after the cool-down: within it
      // the second ask would repeat what came of the first.
      if (!isRevived) skippedMs += pauseMs;
      const context = {
        nowSeconds: Math.floor(Date.now() / 1_000),
        signal: new AbortController().signal,
        allowRemote: true,
      };
      try {
        const { subject } = await verifier.verify(token, context);
        return subject === 'user-1' ? 'good' : 'another user';
      } catch (error) {
        return isAuthError(error) ? error.code : String(error);
      }
    },
    revived() {
      isRevived = true;
      skippedMs += pauseMs;
    },
    close: () => verifier.close?.(),
  };
});

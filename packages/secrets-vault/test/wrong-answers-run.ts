/** The main module of a process: secrets of Vaults that answer wrongly. */
import { detectEnvironment, isAuthError, Secret } from '@sallyport/core';
import { reportWrongHttpAnswers } from '@sallyport/testing/wrong-http';
import { createVaultSecrets, vaultToken } from '../src/index.ts';

await reportWrongHttpAnswers((url) => {
  const secrets = createVaultSecrets({
    url,
    environment: detectEnvironment({ ENVIRONMENT: 'development' }),
    authentication: vaultToken(new Secret('a-token-for-vault')),
    timeoutSeconds: 2,
  });
  return {
    async ask() {
      try {
        const found = await secrets.get('app', { signal: new AbortController().signal });
        if (!found.found) return 'absent';
        return found.secret.reveal() === 'the-secret-in-vault' ? 'good' : 'another secret';
      } catch (error) {
        return isAuthError(error) ? error.code : String(error);
      }
    },
    close: () => secrets.close(),
  };
});

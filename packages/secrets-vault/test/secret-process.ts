/** A process of its own, to see whether it ends. */
import { runSecretProcess } from '@sallyport/contract-tests/secret-process';
import { detectEnvironment, Secret } from '@sallyport/core';
import { createVaultSecrets, vaultToken } from '@sallyport/secrets-vault';

await runSecretProcess((url = '', token = '') =>
  createVaultSecrets({
    url,
    environment: detectEnvironment({ ENVIRONMENT: 'development' }),
    authentication: vaultToken(new Secret(token)),
    cacheTtlSeconds: 1,
    timeoutSeconds: 60,
  }),
);

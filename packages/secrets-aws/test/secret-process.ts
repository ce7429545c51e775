/** A process of its own, to see whether it ends. */
import { runSecretProcess } from '@sallyport/contract-tests/secret-process';
import { createAwsSecrets } from '@sallyport/secrets-aws';

// Loaded before a reading begins, so that close meets a call and not an import.
await import('@aws-sdk/client-secrets-manager');

await runSecretProcess((endpoint = '', secretAccessKey = '') =>
  createAwsSecrets({
    region: 'eu-central-1',
    cacheTtlSeconds: 1,
    timeoutSeconds: 60,
    clientOptions: { endpoint, credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey } },
  }),
);

import { lookupOutcome, type RotatingStore } from '@sallyport/contract-tests';
import { startAwsSecretsManager } from '@sallyport/testing/aws-secrets-manager';
import { onTestFinished } from 'vitest';
import { type AwsSecrets, type AwsSecretsOptions, createAwsSecrets } from '../src/index.ts';

/** The value of the secret `key` in every store of the tests. No output may show it. */
export const canary = 'kX3vQ9mZrT7bW2pLdF5hJ8nC';

/** A stand-in for AWS with the secret `key`, and a provider that reads it. */
export async function setUp(changes: Partial<AwsSecretsOptions> = {}) {
  const server = await startAwsSecretsManager({ secrets: { key: canary } });
  onTestFinished(() => server.stop());
  const { url: endpoint, region, credentials } = server;
  const provider: AwsSecrets = createAwsSecrets({
    region,
    clientOptions: { endpoint, credentials },
    ...changes,
  });
  onTestFinished(() => provider.close());
  const store: Omit<RotatingStore, 'provider'> = {
    put: (value) => server.put('key', value),
    fail: () => server.fault({ kind: 'status', status: 400, error: 'InvalidParameterException' }),
    hang: (times) => server.fault({ kind: 'hang' }, times),
    restore: () => server.clearFaults(),
    readings: () => server.hits('key'),
    processArguments: () => [endpoint, credentials.secretAccessKey],
  };
  const { signal } = new AbortController();
  const read = (name = 'key') => lookupOutcome(provider.get(name, { signal }));
  return { provider, server, store, read };
}

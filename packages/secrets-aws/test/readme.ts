import { createAwsSecrets } from '@sallyport/secrets-aws';
import { startAwsSecretsManager } from '@sallyport/testing/aws-secrets-manager';

// A stand-in for AWS in this process. On AWS: createAwsSecrets({ region: 'eu-central-1' }).
const server = await startAwsSecretsManager({ secrets: { 'notes/key': 'kX3vQ9mZrT7bW2pL' } });
const { region, credentials, url: endpoint } = server;
const secrets = createAwsSecrets({ region, clientOptions: { endpoint, credentials } });

export const lookup = await secrets.get('notes/key', { signal: AbortSignal.timeout(10_000) });

await secrets.close();
await server.stop();

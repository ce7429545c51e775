/** A process of its own: whatever is printed, and whatever keeps it from ending, is a fault. */
import { SecretManagerServiceClient } from '@google-cloud/secret-manager';
import { startSecretManager } from '@sallyport/testing/secret-manager';

const server = await startSecretManager({ secrets: { key: 'value' } });
const client = new SecretManagerServiceClient(server.clientOptions);
const name = `projects/${server.projectId}/secrets/key/versions/latest`;
await client.accessSecretVersion({ name }, { timeout: 5_000, retry: null });
server.fault({ kind: 'hang' }, { times: 1 });
server.fault({ kind: 'delay', milliseconds: 60_000 });
const late = [1, 2].map(() =>
  client.accessSecretVersion({ name }, { timeout: 60_000, retry: null }).catch(() => {}),
);
while (server.accesses() < 3) await new Promise(setImmediate);
await server.stop();
await Promise.all(late);
await client.close();

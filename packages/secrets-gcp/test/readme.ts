import { createGcpSecrets } from '@sallyport/secrets-gcp';
import { startSecretManager } from '@sallyport/testing/secret-manager';

// A Secret Manager in this process. On Cloud Run there are no clientOptions, and nothing else.
const server = await startSecretManager({ secrets: { 'hmac-key': 'kX3vQ9mZrT7bW2pL\n' } });
export const events: string[] = [];
const secrets = createGcpSecrets({
  projectId: server.projectId,
  clientOptions: server.clientOptions,
  cacheTtlSeconds: 1,
  onEvent: (event) => events.push(event.type),
});

export const lookup = await secrets.get('hmac-key', { signal: AbortSignal.timeout(10_000) });

// A listener gets each new value.
const next = Promise.withResolvers<string>();
secrets.watch('hmac-key', ({ version }) => next.resolve(version));
server.addVersion('hmac-key', 'bW2pLkX3vQ9mZrT7');
export const version = await next.promise;

await secrets.close();
await server.stop();

import { detectEnvironment, Secret } from '@sallyport/core';
import { createVaultSecrets, vaultToken } from '@sallyport/secrets-vault';
import { startVault } from '@sallyport/testing/vault';

// A stand-in for Vault in this process. In a cluster: kubernetesLogin({ role: 'mcp-server' }).
const server = await startVault({ secrets: { 'mcp/auth': { 'hmac-key': 'kX3vQ9mZrT7bW2pL\n' } } });
export const events: string[] = [];
const secrets = createVaultSecrets({
  url: server.url,
  environment: detectEnvironment({ ENVIRONMENT: 'development' }),
  authentication: vaultToken(new Secret(server.rootToken)),
  cacheTtlSeconds: 1,
  onEvent: (event) => events.push(event.type),
});

export const lookup = await secrets.get('mcp/auth#hmac-key', {
  signal: AbortSignal.timeout(10_000),
});

// A listener gets each new value.
const next = Promise.withResolvers<string>();
secrets.watch('mcp/auth#hmac-key', ({ version }) => next.resolve(version));
server.put('mcp/auth', { 'hmac-key': 'bW2pLkX3vQ9mZrT7' });
export const version = await next.promise;

await secrets.close();
await server.stop();

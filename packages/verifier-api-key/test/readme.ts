import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '@sallyport/core';
import {
  createApiKeyRegistry,
  createApiKeyVerifier,
  createFileKeyStore,
} from '@sallyport/verifier-api-key';

const keys = {
  resource: 'https://notes.acme-corp.dev/mcp',
  // In production: a secret of your secret backend, the same on every instance.
  secret: new Secret(randomBytes(48).toString('base64url')),
  store: createFileKeyStore({ path: join(mkdtempSync(join(tmpdir(), 'keys-')), 'keys.json') }),
};

const registry = createApiKeyRegistry(keys);
const { key, id } = await registry.create({ owner: 'ci@acme-corp.dev', scopes: ['notes:read'] });

const verifier = createApiKeyVerifier(keys);
export const principal = await verifier.verify(key.reveal(), {
  nowSeconds: Math.floor(Date.now() / 1_000),
  signal: AbortSignal.timeout(1_000),
  allowRemote: true,
});

await registry.revoke(id);
export const [{ status } = {}] = await registry.list();
await verifier.close?.();

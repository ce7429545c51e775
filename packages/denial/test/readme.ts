import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { detectEnvironment } from '@sallyport/core';
import { addDenied, createDenialList, createEmptyList } from '@sallyport/denial';
import { createFileDenialStore } from '@sallyport/denial/file';
import { protect } from '@sallyport/protect/fetch';

// One file that every instance sees, or createRedisDenialStore of @sallyport/denial/redis.
const folder = await mkdtemp(join(tmpdir(), 'denial-'));
const store = createFileDenialStore({ path: join(folder, 'denied.json') });

// What "sallyport denied --create" and "sallyport deny" do.
await createEmptyList(store);
const issuer = 'https://mcp.example.com';
await addDenied(store, { issuer, subject: 'eve', reason: 'left the company' });

const resource = 'https://mcp.example.com/mcp';
const served = await protect(
  {
    resource,
    developmentTokens: {
      'token-of-ada-0123456789': { clientId: 'ada', scopes: [] },
      'token-of-eve-0123456789': { clientId: 'eve', scopes: [] },
    },
    environment: detectEnvironment({ ENVIRONMENT: 'development' }),
    tools: { list: [] },
    // This is the line.
    denial: createDenialList({ store }),
  },
  () => new Response('let in'),
);

const statusOf = async (token: string): Promise<number> => {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
  return (await served(new Request(resource, { method: 'POST', headers, body }))).status;
};

export const ada = await statusOf('token-of-ada-0123456789');
export const eve = await statusOf('token-of-eve-0123456789');

await served.close();
await rm(folder, { recursive: true });

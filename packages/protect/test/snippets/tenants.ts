import { type ProtectedFetch, protect } from '@sallyport/protect/fetch';
import { handler } from './notes-v2.ts';

export interface Tenant {
  readonly resource: string;
  readonly issuer: string;
}

const tools = { read_note: ['notes:read'], write_note: ['notes:write'] };

export async function protectTenants(tenants: readonly Tenant[]) {
  const gates = new Map<string, ProtectedFetch>();
  for (const tenant of tenants) {
    // The root of the origin can describe one resource only.
    const gate = await protect({ ...tenant, tools, metadataAtRoot: false }, handler.fetch);
    gates.set(new URL(tenant.resource).pathname, gate);
    gates.set(gate.metadataPath, gate);
  }
  return {
    async fetch(request: Request): Promise<Response> {
      const gate = gates.get(new URL(request.url).pathname);
      return gate === undefined ? new Response(null, { status: 404 }) : gate(request);
    },

    async close() {
      await Promise.all([...new Set(gates.values())].map((gate) => gate.close()));
    },
  };
}

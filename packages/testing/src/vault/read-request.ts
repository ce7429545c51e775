import type { IncomingMessage } from 'node:http';
import type { VaultRequest } from './router.ts';

/** Reads what Vault reads of a request: its body, and three headers. */
export async function readRequest(request: IncomingMessage): Promise<VaultRequest> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const token = one(request.headers['x-vault-token']);
  return {
    method: request.method ?? 'GET',
    path: decodeURIComponent(pathname).replace(/^\/v1\//, ''),
    query: searchParams,
    token: token === '' ? undefined : token,
    namespace: one(request.headers['x-vault-namespace']) ?? '',
    hasRequestHeader: request.headers['x-vault-request'] === 'true',
    body: parse(Buffer.concat(chunks).toString()),
  };
}

function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

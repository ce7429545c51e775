/**
 * Answers requests in a separate process, so that its CPU time counts nothing else. It reports where
 * the applications listen, and, on request, its CPU time so far.
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { applications } from '../requests/mcp-request.ts';
import { createIssuer } from '../tokens/issuer.ts';
import { mintTokens } from '../tokens/tokens.ts';

/** What it says first. */
export interface Opening {
  readonly ports: Readonly<Record<string, number>>;
  readonly tokens: readonly string[];
}

const issuer = createIssuer('RS256');
const ports: Record<string, number> = {};
for (const { name, create } of applications) {
  const server = create(issuer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  ports[name] = (server.address() as AddressInfo).port;
}
const tokens = mintTokens(issuer, 2_000);

process.on('message', () => {
  globalThis.gc?.({ type: 'minor', execution: 'sync' });
  process.send?.(process.cpuUsage());
});
process.on('disconnect', () => process.exit());
process.send?.({ ports, tokens } satisfies Opening);

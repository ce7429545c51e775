/** Audits every server of the results page. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type AuditReport, audit } from '@sallyport/testing/audit';
import { toolScope } from '../servers/tool-call.ts';
import { createIssuer } from '../tokens/issuer.ts';
import { audience, issuerName } from '../tokens/tokens.ts';
import { type AuditedServer, auditedServers } from './audited-servers.ts';
import type { AuditTask } from './serve-audited.ts';

/** A server and what the audit found. */
export interface AuditedResult {
  readonly server: AuditedServer;
  readonly report: AuditReport;
}

/** Audits one after the other, on this machine. */
export async function auditServers(
  onProgress: (name: string) => void = () => {},
): Promise<readonly AuditedResult[]> {
  const issuer = createIssuer('RS256');
  const { jwk: publicKey, keyText, signingKey } = issuer;
  const jwk = { ...signingKey.export({ format: 'jwk' }), alg: 'RS256', kid: publicKey.kid };
  const results: AuditedResult[] = [];
  for (const server of auditedServers) {
    onProgress(server.name);
    const { port, stop } = await start({ name: server.name, issuer: { jwk: publicKey, keyText } });
    const report = await audit(`http://127.0.0.1:${port}/mcp`, {
      ...(server.isPublic ? { isPublic: true } : { key: { jwk, issuer: issuerName, audience } }),
      scopes: [toolScope],
      resource: audience,
      // Its scope is the only one. A token without it must not get far.
      ...{ writeTool: { name: 'hello', arguments: { name: 'audit' } }, readScopes: ['other'] },
      requestsPerSecond: 500,
    });
    stop();
    results.push({ server, report });
  }
  return results;
}

const program = fileURLToPath(new URL('serve-audited.ts', import.meta.url));

/** Starts a server in a separate process, and drops its log. */
async function start(task: AuditTask): Promise<{ readonly port: number; stop(): void }> {
  const child = fork(program, [JSON.stringify(task)], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const ended = once(child, 'exit').then(() => {
    throw new Error(`${task.name} ended`);
  });
  // Its end is told where somebody waits for it.
  ended.catch(() => {});
  const [port] = (await Promise.race([once(child, 'message'), ended])) as [number];
  return { port, stop: () => child.disconnect() };
}

/** A process of its own for one audited server: what an attack breaks in it stays there. */
import type { PublicIssuer } from '../servers/server-contestant.ts';
import { auditedServers } from './audited-servers.ts';

/** What the process is told. */
export interface AuditTask {
  readonly name: string;
  readonly issuer: PublicIssuer;
}

const { name, issuer } = JSON.parse(process.argv[2] ?? '') as AuditTask;
const server = auditedServers.find((each) => each.name === name);
if (server === undefined) throw new Error(`there is no server ${name}`);
const { port } = await server.listen(issuer);
process.on('disconnect', () => process.exit());
process.send?.(port);

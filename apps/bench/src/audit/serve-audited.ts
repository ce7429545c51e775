/** Runs one audited server in a separate process, so that an attack cannot break the auditor. */
import type { PublicIssuer } from '../servers/server-contestant.ts';
import { auditedServers } from './audited-servers.ts';

/** The task of the process. */
export interface AuditTask {
  readonly name: string;
  readonly issuer: PublicIssuer;
}

const { name, issuer } = JSON.parse(process.argv[2] ?? '') as AuditTask;
const server = auditedServers.find((each) => each.name === name);
if (server === undefined) throw new Error(`unknown server ${name}`);
const { port } = await server.listen(issuer);
process.on('disconnect', () => process.exit());
process.send?.(port);

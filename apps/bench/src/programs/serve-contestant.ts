/**
 * A process of its own for one server, so that its CPU time is nobody else's. Started with the name of
 * the contestant and the issuer's public key. It says where it listens, and what CPU time it has taken,
 * whenever it is asked.
 */
import { proxyLanes, stdioLanes } from '../requests/proxy-lanes.ts';
import { requestLanes } from '../requests/request-lanes.ts';
import type { PublicIssuer } from '../servers/server-contestant.ts';

/** What it is started with, as JSON. */
export interface ServeTask {
  readonly contestant: string;
  readonly issuer: PublicIssuer;
}

const task: ServeTask = JSON.parse(process.argv[2] ?? '');
const contestant = [...requestLanes, ...proxyLanes, ...stdioLanes].find(
  (lane) => lane.contestant.name === task.contestant,
)?.contestant;
if (contestant === undefined) throw new RangeError(`there is no ${task.contestant}`);
const { port } = await contestant.listen(task.issuer);

process.on('message', () => {
  globalThis.gc?.({ type: 'minor', execution: 'sync' });
  process.send?.(process.cpuUsage());
});
process.on('disconnect', () => process.exit());
process.send?.(port);

/**
 * Runs one server in a separate process, so that its CPU time counts nothing else. Its argument names the
 * contestant and has the issuer's public key. It reports where it listens, and, on request, its CPU time so far.
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
if (contestant === undefined) throw new RangeError(`unknown contestant ${task.contestant}`);
const { port } = await contestant.listen(task.issuer);

process.on('message', () => {
  globalThis.gc?.({ type: 'minor', execution: 'sync' });
  process.send?.(process.cpuUsage());
});
process.on('disconnect', () => process.exit());
process.send?.(port);

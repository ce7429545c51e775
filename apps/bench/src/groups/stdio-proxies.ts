import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { formatKilobytes, formatSpread, formatTimes } from '../report/figures.ts';
import { renderTable } from '../report/markdown.ts';
import { measureRequests, type RequestFigures } from '../requests/measure-requests.ts';
import { cheapLanes, everythingLanes, type StdioLanes } from '../requests/proxy-lanes.ts';
import type { RequestLane } from '../requests/request-lanes.ts';
import type { Effort } from '../rounds/rounds.ts';
import { ratios, spreadOf } from '../rounds/statistics.ts';
import type { Group } from './group.ts';
import { steadyEffort } from './steady-effort.ts';
import type { Target } from './target.ts';

const mcpProxyRateBound = 2.5;
const supergatewayRateBound = 2;
const cpuBound = 0.5;
const bytesBound = 100_000;
const memoryProgram = fileURLToPath(new URL('../programs/measure-callers.ts', import.meta.url));

/** What a proxy costs in front of a child process. */
export const stdioProxies: Group = {
  name: 'stdio-proxies',

  async run(effort, onProgress) {
    const steady = steadyEffort(effort);
    const measure = (lanes: StdioLanes, child: string) =>
      measureLanes(lanes, steady, (round) =>
        onProgress(`proxies in front of ${child}, round ${round} of ${steady.rounds}`),
      );
    const cheap = await measure(cheapLanes, 'a cheap child');
    const everything = await measure(everythingLanes, 'server-everything');
    onProgress('idle callers of a command');
    const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', memoryProgram]);

    const rateTarget = (peer: RequestLane, bound: number): Target => ({
      what: `requests per second of our proxy with authentication, against ${peer.name}`,
      ...{ sense: 'at least', bound, format: formatTimes },
      measured: spreadOf(ratios(cheap.rateOf(cheapLanes.own), cheap.rateOf(peer))).median,
    });
    const cpuTarget = (peer: RequestLane): Target => ({
      what: `CPU of our proxy with authentication, against ${peer.name}`,
      ...{ sense: 'at most', bound: cpuBound, format: formatTimes },
      measured: spreadOf(ratios(everything.cpuOf(everythingLanes.own), everything.cpuOf(peer)))
        .median,
    });
    return {
      title: 'A proxy in front of a server over stdio',
      blocks: [
        'Calls of a tool of the same child process, in one session: requests per second, and µs of CPU per ' +
          'request in the process of the proxy, without the child. Ours checks RS256 tokens, and writes its log. ' +
          'Proxy and child share one core, and the load comes from another; ' +
          `${steady.rounds} rounds. The first child answers as cheaply as a server can, so the proxies show.`,
        cheap.table,
        'The same with the tool `echo` of server-everything.',
        everything.table,
      ],
      targets: [
        rateTarget(cheapLanes.mcpProxy, mcpProxyRateBound),
        rateTarget(cheapLanes.supergateway, supergatewayRateBound),
        cpuTarget(everythingLanes.mcpProxy),
        cpuTarget(everythingLanes.supergateway),
        {
          what: 'memory of our proxy for each idle caller of a command, without its child',
          ...{ sense: 'at most', bound: bytesBound, format: formatKilobytes },
          // The gate's log stands before it.
          measured: Number(stdout.slice(stdout.lastIndexOf('\n'))),
        },
      ],
    };
  },
};

interface MeasuredLanes {
  cpuOf(lane: RequestLane): readonly number[];
  rateOf(lane: RequestLane): readonly number[];
  readonly table: string;
}

async function measureLanes(
  lanes: StdioLanes,
  effort: Effort,
  onRound: (round: number) => void,
): Promise<MeasuredLanes> {
  const all: readonly RequestLane[] = Object.values(lanes);
  const figures = await measureRequests(all, effort, onRound);
  const of = (figure: keyof RequestFigures) => (lane: RequestLane) =>
    figures.get(lane.name)?.[figure] ?? [];
  const cpuOf = of('cpu');
  const rateOf = of('perSecond');
  const table = renderTable(
    ['', 'requests/s', 'µs of CPU', 'CPU, × ours', 'requests/s of ours, × this one'],
    all.map((lane) => [
      lane.name,
      formatSpread(spreadOf(rateOf(lane))),
      formatSpread(spreadOf(cpuOf(lane))),
      formatSpread(spreadOf(ratios(cpuOf(lane), cpuOf(lanes.own)))),
      formatSpread(spreadOf(ratios(rateOf(lanes.own), rateOf(lane)))),
    ]),
  );
  return { cpuOf, rateOf, table };
}

import { formatSpread, formatTimes } from '../report/figures.ts';
import { renderTable } from '../report/markdown.ts';
import { measureRequests } from '../requests/measure-requests.ts';
import {
  mcpProxyStdioLane,
  ownStdioLane,
  stdioLanes,
  supergatewayLane,
} from '../requests/proxy-lanes.ts';
import type { RequestLane } from '../requests/request-lanes.ts';
import { ratios, spreadOf } from '../rounds/statistics.ts';
import type { Group } from './group.ts';
import type { Target } from './target.ts';

const bounds: readonly (readonly [peer: RequestLane, bound: number])[] = [
  [mcpProxyStdioLane, 2.5],
  [supergatewayLane, 2],
];
// A round of whole requests takes seconds, where one of verifications takes tenths of them.
const shareOfRounds = 0.5;

/** What a proxy costs in front of a child process. */
export const stdioProxies: Group = {
  name: 'stdio-proxies',

  async run(effort, onProgress) {
    const rounds = Math.ceil(effort.rounds * shareOfRounds);
    const figures = await measureRequests(stdioLanes, { ...effort, rounds }, (round) =>
      onProgress(`proxies over stdio, round ${round} of ${rounds}`),
    );
    const cpuOf = ({ name }: RequestLane) => figures.get(name)?.cpu ?? [];
    const rateOf = ({ name }: RequestLane) => figures.get(name)?.perSecond ?? [];
    const targets = bounds.map(
      ([peer, bound]): Target => ({
        what: `requests per second of our proxy with authentication, against ${peer.name}`,
        ...{ sense: 'at least', bound, format: formatTimes },
        measured: spreadOf(ratios(rateOf(ownStdioLane), rateOf(peer))).median,
      }),
    );
    return {
      title: 'A proxy in front of a server over stdio',
      blocks: [
        'Calls of a tool of the same cheap child process, in one session: requests per second, and µs of CPU per ' +
          'request in the process of the proxy, without the child. Ours checks RS256 tokens, and writes its log. ' +
          `Proxy and child share one core, and the load comes from another; ${rounds} rounds.`,
        renderTable(
          ['', 'requests/s', 'µs of CPU', 'CPU, × ours', 'requests/s of ours, × this one'],
          stdioLanes.map((lane) => [
            lane.name,
            formatSpread(spreadOf(rateOf(lane))),
            formatSpread(spreadOf(cpuOf(lane))),
            formatSpread(spreadOf(ratios(cpuOf(lane), cpuOf(ownStdioLane)))),
            formatSpread(spreadOf(ratios(rateOf(ownStdioLane), rateOf(lane)))),
          ]),
        ),
      ],
      targets,
    };
  },
};

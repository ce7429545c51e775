import { formatMicroseconds, formatSpread, formatTimes } from '../report/figures.ts';
import { renderTable } from '../report/markdown.ts';
import { measureRequests } from '../requests/measure-requests.ts';
import { chainLane, ownLane, peerLane, pipeLane, proxyLanes } from '../requests/proxy-lanes.ts';
import { ratios, spreadOf } from '../rounds/statistics.ts';
import type { Group } from './group.ts';
import { steadyEffort } from './steady-effort.ts';
import type { Target } from './target.ts';

const rateBound = 5;
const chainBound = 6;
const cpuBound = 75;

/** What a proxy costs in front of a server over HTTP. */
export const proxies: Group = {
  name: 'proxies',

  async run(effort, onProgress) {
    const steady = steadyEffort(effort);
    const figures = await measureRequests(proxyLanes, steady, (round) =>
      onProgress(`proxies, round ${round} of ${steady.rounds}`),
    );
    const cpuOf = (name: string) => figures.get(name)?.cpu ?? [];
    const rateOf = (name: string) => figures.get(name)?.perSecond ?? [];
    const targets: readonly Target[] = [
      {
        what: 'requests per second of our proxy with authentication, against the library of mcp-proxy',
        ...{ sense: 'at least', bound: rateBound, format: formatTimes },
        measured: spreadOf(ratios(rateOf(ownLane.name), rateOf(peerLane.name))).median,
      },
      {
        what: 'requests per second of our proxy with authentication, against mcp-proxy in front of supergateway',
        ...{ sense: 'at least', bound: chainBound, format: formatTimes },
        measured: spreadOf(ratios(rateOf(ownLane.name), rateOf(chainLane.name))).median,
      },
      {
        what: 'CPU that our proxy adds to a direct connection',
        ...{ sense: 'at most', bound: cpuBound, format: formatMicroseconds },
        measured: spreadOf(cpuOf(ownLane.name)).median,
      },
    ];
    return {
      title: 'A proxy in front of an MCP server',
      blocks: [
        'Calls of a tool of the same cheap server over HTTP: requests per second, and µs of CPU per request in ' +
          'the process of the proxy, which is what it adds to a direct connection. Our proxy checks RS256 tokens, ' +
          'signs assertions and writes its log, two lines for each request. Proxy and server share one core, and ' +
          `the load comes from another; ${steady.rounds} rounds. The pipes show what a proxy on node:http cannot save. In ` +
          'front of supergateway, the CPU is that of mcp-proxy alone.',
        renderTable(
          ['', 'requests/s', 'µs of CPU', '× mcp-proxy, requests/s', 'CPU, × the pipe of undici'],
          proxyLanes.map(({ name }) => [
            name,
            formatSpread(spreadOf(rateOf(name))),
            formatSpread(spreadOf(cpuOf(name))),
            formatSpread(spreadOf(ratios(rateOf(name), rateOf(peerLane.name)))),
            formatSpread(spreadOf(ratios(cpuOf(name), cpuOf(pipeLane.name)))),
          ]),
        ),
      ],
      targets,
    };
  },
};

import { formatMicroseconds, formatSpread, formatTimes, nothing } from '../report/figures.ts';
import { renderTable } from '../report/markdown.ts';
import { measureRequests } from '../requests/measure-requests.ts';
import {
  gatedLanes,
  type RequestLane,
  requestLanes,
  yardstick,
} from '../requests/request-lanes.ts';
import { differences, ratios, type Spread, spreadOf } from '../rounds/statistics.ts';
import { reference } from '../servers/reference.ts';
import type { Group } from './group.ts';
import { steadyEffort } from './steady-effort.ts';
import { formatBound, type Target } from './target.ts';

const addedBounds = { 'seen before': 10, 'never seen': 40 } as const;
const wholeBounds = { v1: 0.5, v2: 0.55 } as const;
const overItselfBound = 1.15;

/** What a request to a whole MCP server costs, with a check of its token and without. */
export const requests: Group = {
  name: 'requests',

  async run(effort, onProgress) {
    const steady = steadyEffort(effort);
    const { rounds } = steady;
    const figures = await measureRequests(requestLanes, steady, (round) =>
      onProgress(`whole requests, round ${round} of ${rounds}`),
    );
    const cpuOf = (name: string) => figures.get(name)?.cpu ?? [];
    const added = ({ name, without }: RequestLane): Spread | undefined =>
      without === undefined ? undefined : spreadOf(differences(cpuOf(name), cpuOf(without)));
    const share = ({ name }: RequestLane): Spread =>
      spreadOf(ratios(cpuOf(name), cpuOf(yardstick.name)));

    const addedTarget = (lane: RequestLane): Target => ({
      what: `CPU added to a request: ${lane.name}`,
      ...{ sense: 'at most', bound: addedBounds[lane.tokens], format: formatMicroseconds },
      measured: added(lane)?.median ?? Number.NaN,
    });
    const wholeTarget = (lane: RequestLane): Target => ({
      what: `CPU of a whole request, against the ${yardstick.name}: ${lane.name}`,
      ...{ sense: 'at most', bound: wholeBounds[lane.contestant.line], format: formatTimes },
      measured: share(lane).median,
    });
    const overItself = ({ name, without }: RequestLane): Spread =>
      spreadOf(ratios(cpuOf(name), cpuOf(without ?? '')));
    const itselfTarget = (lane: RequestLane): Target => ({
      what: `CPU of a whole request, against the same server without its gate: ${lane.name}`,
      ...{ sense: 'at most', bound: overItselfBound, format: formatTimes },
      measured: overItself(lane).median,
    });
    const isHot = ({ tokens }: RequestLane) => tokens === 'seen before';
    const row = (lane: RequestLane): readonly string[] => {
      const difference = added(lane);
      const isOurs = gatedLanes.includes(lane);
      return [
        lane.name,
        formatSpread(spreadOf(figures.get(lane.name)?.perSecond ?? [])),
        formatSpread(spreadOf(cpuOf(lane.name))),
        difference === undefined ? nothing : formatSpread(difference),
        isOurs ? formatBound(addedTarget(lane)) : nothing,
        formatSpread(share(lane)),
        isOurs && isHot(lane) ? formatBound(wholeTarget(lane)) : nothing,
      ];
    };
    return {
      title: 'A whole MCP server',
      blocks: [
        'Calls of a tool, with RS256 tokens where they are checked: requests per second, and µs of CPU ' +
          'per request in the process that answers. Each server is a process of its own on one core, and ' +
          `the load comes from another; ${rounds} rounds. Ours write their log, two lines for each request.`,
        renderTable(
          ['', 'requests/s', 'µs of CPU', 'added', 'target', '× SDK v1 example', 'target'],
          requestLanes.map(row),
        ),
      ],
      targets: [
        ...gatedLanes.map(addedTarget),
        ...gatedLanes.filter(isHot).map(wholeTarget),
        ...gatedLanes
          .filter((lane) => isHot(lane) && lane.contestant === reference)
          .map(itselfTarget),
      ],
    };
  },
};

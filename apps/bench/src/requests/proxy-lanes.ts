import {
  dispatchPipe,
  mcpProxyChain,
  mcpProxyLibrary,
  plainPipe,
  sallyportProxy,
} from '../servers/proxied.ts';
import type { ServerContestant } from '../servers/server-contestant.ts';
import {
  type Child,
  cheapChild,
  everythingChild,
  mcpProxyStdio,
  sallyportStdio,
  supergateway,
} from '../servers/stdio-proxied.ts';
import type { RequestLane } from './request-lanes.ts';

const lane = (contestant: ServerContestant): RequestLane => ({
  name: contestant.name,
  contestant,
  tokens: 'seen before',
});

export const pipeLane: RequestLane = lane(dispatchPipe);
export const ownLane: RequestLane = lane(sallyportProxy);
export const peerLane: RequestLane = lane(mcpProxyLibrary);
export const chainLane: RequestLane = lane(mcpProxyChain);

/** All proxies that are measured in front of HTTP. */
export const proxyLanes: readonly RequestLane[] = [
  lane(plainPipe),
  pipeLane,
  ownLane,
  peerLane,
  chainLane,
];

/** All proxies in front of the same server over stdio. */
export interface StdioLanes {
  readonly own: RequestLane;
  readonly mcpProxy: RequestLane;
  readonly supergateway: RequestLane;
}

const stdioLanesOf = (child: Child): StdioLanes => ({
  own: lane(sallyportStdio(child)),
  mcpProxy: lane(mcpProxyStdio(child)),
  supergateway: lane(supergateway(child)),
});

export const cheapLanes: StdioLanes = stdioLanesOf(cheapChild);
export const everythingLanes: StdioLanes = stdioLanesOf(everythingChild);

export const stdioLanes: readonly RequestLane[] = [cheapLanes, everythingLanes].flatMap((lanes) =>
  Object.values(lanes),
);

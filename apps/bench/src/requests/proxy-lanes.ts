import { mcpProxyLibrary, plainPipe, sallyportProxy } from '../servers/proxied.ts';
import type { ServerContestant } from '../servers/server-contestant.ts';
import { mcpProxyStdio, sallyportStdio, supergateway } from '../servers/stdio-proxied.ts';
import type { RequestLane } from './request-lanes.ts';

const lane = (contestant: ServerContestant): RequestLane => ({
  name: contestant.name,
  contestant,
  tokens: 'seen before',
});

const pipeLane: RequestLane = lane(plainPipe);
export const ownLane: RequestLane = lane(sallyportProxy);
export const peerLane: RequestLane = lane(mcpProxyLibrary);

/** Everybody who takes part. */
export const proxyLanes: readonly RequestLane[] = [pipeLane, ownLane, peerLane];

export const ownStdioLane: RequestLane = lane(sallyportStdio);
export const mcpProxyStdioLane: RequestLane = lane(mcpProxyStdio);
export const supergatewayLane: RequestLane = lane(supergateway);

/** Everybody in front of a server over stdio. */
export const stdioLanes: readonly RequestLane[] = [
  ownStdioLane,
  mcpProxyStdioLane,
  supergatewayLane,
];

export type { HostOptions } from './client-address/client-address.ts';
export type { GatedHandler } from './hosts/node-gate.ts';
export { nodeGate } from './hosts/node-gate.ts';
export type { GatedRequest } from './hosts/node-http.ts';

export type { HostOptions } from './client-address/client-address.ts';
export type { GatedHandler } from './hosts/node-gate.ts';
export { nodeGate } from './hosts/node-gate.ts';
export type { GatedRequest } from './hosts/node-http.ts';
export type { PlainToolMessage, PlainToolOptions } from './hosts/plain-tool-gate.ts';
export { plainToolGate } from './hosts/plain-tool-gate.ts';
export { isGated } from './hosts/second-pass.ts';

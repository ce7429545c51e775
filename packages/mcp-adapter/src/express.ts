export type { HostOptions } from './client-address/client-address.ts';
export type { ExpressRequest } from './hosts/express-gate.ts';
export { expressGate } from './hosts/express-gate.ts';
export { hasOtherGate } from './hosts/express-mount.ts';

export type { HonoContext, HonoGateVariables } from './hosts/hono-gate.ts';
export { honoGate } from './hosts/hono-gate.ts';

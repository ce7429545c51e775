export type { Admission, FetchHandler } from './hosts/fetch-gate.ts';
export { fetchGate } from './hosts/fetch-gate.ts';

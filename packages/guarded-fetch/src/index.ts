export type { Resolver } from './addresses/guarded-lookup.ts';
export { parseEndpoint } from './endpoint.ts';
export type {
  GuardedFetch,
  GuardedFetchOptions,
  GuardedRequest,
  GuardedResponse,
} from './guarded-fetch.ts';
export type { JsonFault } from './json-fault.ts';
export { findJsonFault } from './json-fault.ts';
export { createGuardedFetch } from './transports/node-fetch.ts';

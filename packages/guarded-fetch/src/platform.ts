export type { AddressPolicy } from './address.ts';
export { parseEndpoint } from './endpoint.ts';
export type {
  GuardedFetch,
  GuardedFetchOptions,
  GuardedRequest,
  GuardedResponse,
} from './guarded-fetch.ts';
export type { Resolver } from './guarded-lookup.ts';
export type { JsonFault } from './json-fault.ts';
export { findJsonFault } from './json-fault.ts';
export { createGuardedFetch } from './platform-fetch.ts';

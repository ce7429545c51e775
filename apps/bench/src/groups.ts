import type { Group } from './group.ts';
import { addedCpu } from './groups/added-cpu.ts';
import { bodies } from './groups/bodies.ts';
import { coldVerify } from './groups/cold-verify.ts';
import { hotVerify } from './groups/hot-verify.ts';
import { introspection } from './groups/introspection.ts';
import { memory } from './groups/memory.ts';
import { proxies } from './groups/proxies.ts';
import { rateLimit } from './groups/rate-limit.ts';
import { refusals } from './groups/refusals.ts';
import { requests } from './groups/requests.ts';

/** All that is measured, in the order of the results. */
export const groups: readonly Group[] = [
  coldVerify,
  hotVerify,
  addedCpu,
  requests,
  proxies,
  bodies,
  introspection,
  refusals,
  rateLimit,
  memory,
];

import { access } from './access.ts';
import { addedCpu } from './added-cpu.ts';
import { bodies } from './bodies.ts';
import { coldVerify } from './cold-verify.ts';
import type { Group } from './group.ts';
import { hotVerify } from './hot-verify.ts';
import { introspection } from './introspection.ts';
import { memory } from './memory.ts';
import { proxies } from './proxies.ts';
import { rateLimit } from './rate-limit.ts';
import { refusals } from './refusals.ts';
import { requests } from './requests.ts';
import { starts } from './starts.ts';
import { stdioProxies } from './stdio-proxies.ts';

/** All that is measured, in the order of the results. */
export const groups: readonly Group[] = [
  coldVerify,
  hotVerify,
  addedCpu,
  access,
  requests,
  proxies,
  stdioProxies,
  bodies,
  introspection,
  refusals,
  rateLimit,
  memory,
  starts,
];

import type { Secret } from '@sallyport/core';
import { refuseWithoutCallers } from '../authentication/authentication-type.ts';
import type { CallQuotaSettings } from '../config.ts';
import type { Settings } from '../values/settings.ts';
import {
  quotaCalls,
  quotaCountDiscovery,
  quotaTools,
  quotaWindow,
} from '../variables/quota-variables.ts';

/** Reads how many calls a caller may make. `undefined` when no variable says so. */
export function readCallQuota(
  settings: Settings,
  redisUrl: Secret | undefined,
): CallQuotaSettings | undefined {
  const calls = settings.read(quotaCalls);
  const windowSeconds = settings.read(quotaWindow);
  const tools = settings.read(quotaTools);
  const countDiscovery = settings.read(quotaCountDiscovery);
  const hasTools = Object.keys(tools).length > 0;
  const belongsToCalls = settings.isSet(quotaWindow) || countDiscovery;
  if (calls === undefined && belongsToCalls && !settings.isUnknown(quotaCalls)) {
    settings.refuse(quotaCalls, 'is missing: a window and discovery have no effect without it');
  }
  if (calls === undefined && !hasTools) return undefined;
  refuseWithoutCallers(settings, calls === undefined ? quotaTools : quotaCalls);
  return { calls, windowSeconds, tools, countDiscovery, redisUrl };
}

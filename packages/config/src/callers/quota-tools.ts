/** Finds misspelt tools in the quota: a limit for a tool that does not exist would limit nothing. */
import { ConfigError } from '@sallyport/core';
import { closest, distance } from 'fastest-levenshtein';
import type { Config } from '../config.ts';
import { quotaTools } from '../variables/quota-variables.ts';
import { toolScopes } from '../variables/server-variables.ts';

// Two letters that are swapped. Servers may have more tools than are declared, with other names.
const longestSlip = 2;

/** @throws {ConfigError} When a name is nearly that of a declared tool. */
export function assertQuotaTools({ callQuota }: Config, declared: readonly string[]): void {
  for (const name of Object.keys(callQuota?.tools ?? {})) {
    if (declared.length === 0 || declared.some((tool) => matches(tool, name))) continue;
    const nearest = closest(name, [...declared]);
    if (distance(name, nearest) > longestSlip) continue;
    throw new ConfigError(
      quotaTools.name,
      `names ${JSON.stringify(name)}, which is not a declared tool. Did you mean ${nearest}? Otherwise name it in ${toolScopes.name} too`,
    );
  }
}

/** Both may end in `*`, which stands for any rest. */
function matches(left: string, right: string): boolean {
  return isBeginning(left, right) || isBeginning(right, left) || left === right;
}

function isBeginning(pattern: string, name: string): boolean {
  return pattern.endsWith('*') && name.startsWith(pattern.slice(0, -1));
}

import { Secret } from '@sallyport/core';
import type { PreviousKey } from '../config.ts';
import type { Settings } from '../values/settings.ts';
import {
  jwtAlgorithm,
  previousKey,
  previousKeyUntil,
  publicKey,
} from '../variables/jwt-variables.ts';

const longestMs = 7 * 86_400_000;

/**
 * Reads the shared secret of before, which only these variables name. After its end it is not used.
 *
 * @param nowMs The time of day.
 */
export function readPreviousKey(
  settings: Settings,
  { isHmac, key }: { readonly isHmac: boolean; readonly key: string | undefined },
  nowMs: number,
): PreviousKey | undefined {
  const previous = settings.read(previousKey);
  const until = settings.read(previousKeyUntil);
  if (!settings.isSet(previousKey)) {
    if (settings.isSet(previousKeyUntil) && !settings.isUnknown(previousKey)) {
      settings.refuse(previousKeyUntil, `has no effect without ${previousKey.name}`);
    }
    return undefined;
  }
  if (!isHmac) {
    settings.refuse(
      previousKey,
      `has no effect: ${jwtAlgorithm.name} is no HMAC algorithm. Issuers with a key set publish both keys`,
    );
    return undefined;
  }
  settings.require(previousKeyUntil);
  if (previous === undefined || until === undefined) return undefined;
  if (previous === key) {
    settings.refuse(previousKey, `must not be the secret of ${publicKey.name}`);
    return undefined;
  }
  const endsAt = Date.parse(until);
  if (endsAt > nowMs + longestMs) {
    settings.refuse(
      previousKeyUntil,
      'must be within 7 days. Set it to the time at which the last token of the previous secret expires',
    );
    return undefined;
  }
  if (endsAt <= nowMs) {
    const name = previousKeyUntil.name;
    settings.warn(previousKey, `is not used: the time of ${name} has passed. Remove both`);
    return undefined;
  }
  return { key: new Secret(previous), endsAt };
}

/** For tests of a backend's own behaviour, besides the suites. */
import type { SecretLookup } from '@sallyport/core';
import { expect } from 'vitest';
import { toAuthError } from '../outcomes.ts';

/**
 * Waits for a lookup and writes its outcome: `value@version`, `absent`, or the detail of the refusal. Any error but
 * `upstream_unavailable` fails the test.
 */
export async function lookupOutcome(lookup: Promise<SecretLookup>): Promise<string> {
  try {
    const found = await lookup;
    return found.found ? `${found.secret.reveal()}@${found.version}` : 'absent';
  } catch (error) {
    const { code, detail } = toAuthError(error);
    expect(code).toBe('upstream_unavailable');
    return `${detail}`;
  }
}

/** A timer that never fires, for the option `wait`: nothing is refreshed. It rejects when the signal aborts. */
export function waitForever(_milliseconds: number, signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });
}

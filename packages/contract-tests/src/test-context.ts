import type { VerifyContext } from '@sallyport/core';

/** The time in every contract test: 2026-01-01T00:00:00Z, in seconds since the epoch. */
export const contractNowSeconds = 1_767_225_600;

/** The key that a sender-constrained token of a fixture is bound to: the example of RFC 9449 §6.1. */
export const contractThumbprint = '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I';

/** A context for calling `verify` in tests: the contract's time, and the network is allowed. */
export function testContext(overrides: Partial<VerifyContext> = {}): VerifyContext {
  return {
    nowSeconds: contractNowSeconds,
    signal: new AbortController().signal,
    allowRemote: true,
    ...overrides,
  };
}

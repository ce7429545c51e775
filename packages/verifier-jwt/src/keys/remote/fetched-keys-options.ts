import { type Checks, check, type Environment } from '@sallyport/core';
import type { KeyEvent } from '../key-event.ts';

/** Options of every key source that fetches its keys. */
export interface FetchedKeysOptions {
  /** Where the program runs. In production, only https addresses outside this machine are allowed. */
  readonly environment: Environment;
  /**
   * Lifetime of fetched keys, in seconds: 1 to 86,400. Default 3,600.
   *
   * Keys are refreshed in the background before they expire. If no request came in that time, the
   * next request waits for fresh keys. So a withdrawn key is refused within this time, as long as
   * its origin answers.
   */
  readonly cacheTtlSeconds?: number;
  /**
   * How long expired keys stay in use while they cannot be fetched, in seconds: 0 to 604,800.
   * Default 86,400.
   */
  readonly maximumStaleSeconds?: number;
  /** Time limit for the keys and the metadata before them, in seconds: 0.001 to 60. Default 5. */
  readonly timeoutSeconds?: number;
  /** Allows an authorization server in your own network. Default false. */
  readonly allowPrivateNetwork?: boolean;
  /**
   * An HTTP proxy to fetch the keys through, such as `http://proxy.internal:3128`. The proxy resolves
   * host names, so it must refuse private addresses itself. Default none; no variable is read.
   */
  readonly proxyUrl?: string;
  /** Receives the events of the keys. What it throws is ignored. Default none. */
  readonly onKeyEvent?: (event: KeyEvent) => void;
  /** Monotonic clock, in milliseconds from any start. Default `performance.now`. */
  readonly monotonicNow?: () => number;
}

/** The run-time check of {@link FetchedKeysOptions}. */
export const fetchedKeysChecks: Checks<FetchedKeysOptions> = {
  environment: check.environment,
  cacheTtlSeconds: check.optional(check.number),
  maximumStaleSeconds: check.optional(check.number),
  timeoutSeconds: check.optional(check.number),
  allowPrivateNetwork: check.optional(check.flag),
  proxyUrl: check.optional(check.text),
  onKeyEvent: check.optional(check.callback),
  monotonicNow: check.optional(check.callback),
};

/** The options of an HTTP upstream. */
import {
  type Checks,
  ConfigError,
  check,
  checkOptions,
  type EventListener,
  type Secret,
} from '@sallyport/core';
import type { Permits, ReadSecuritySchemes } from '../lists/filter-lists.ts';

/** Options for `createHttpUpstream`. */
export interface HttpUpstreamOptions {
  /** The MCP endpoint of the server, such as `http://127.0.0.1:9000/mcp`. Every request goes to this address. */
  readonly url: string;
  /** What `aud` of the assertion says. The server must expect the same. Default: `url` as it is written. */
  readonly audience?: string;
  /**
   * The private key that signs assertions, for ES256: PEM, or a JWK as JSON. Default: a random key, for one
   * instance.
   */
  readonly assertionKey?: Secret;
  /**
   * Keys that sign nothing and stand in the key set: the next key before you use it, and the last key after you
   * changed it. Public keys, or the private keys that they belong to. Default none.
   */
  readonly publishedKeys?: readonly Secret[];
  /**
   * How long the server may take for an answer, in seconds: 1 to 3,600. It is also how long a client may stop
   * reading. A stream of events may be silent for longer. Default 300.
   */
  readonly answerTimeoutSeconds?: number;
  /**
   * How many requests may be under way, streams included: 4 to 100,000. One caller may have a quarter of them.
   * Default 1,000.
   */
  readonly maximumRequests?: number;
  /**
   * Filters `tools/list`, `prompts/list` and `resources/list`: a caller sees only what its scopes permit. Give it
   * `gate.permits`. Default: lists pass as they are.
   */
  readonly permits?: Permits;
  /**
   * Adds `securitySchemes` to tools of `tools/list`, also in `_meta`: what `createSecuritySchemes` of
   * `@sallyport/mcp-adapter/anonymous` returns. Default: tools pass as they are.
   */
  readonly securitySchemes?: ReadSecuritySchemes;
  /** Receives what an operator should know, as `UpstreamEvent`. Default: events are dropped. */
  readonly onEvent?: EventListener;
  /** Clock, in milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
}

const checks: Checks<HttpUpstreamOptions> = {
  url: check.text,
  audience: check.optional(check.text),
  assertionKey: check.optional(check.secret),
  publishedKeys: check.optional(check.listOf(check.secret)),
  answerTimeoutSeconds: check.optional(check.number),
  maximumRequests: check.optional(check.number),
  permits: check.optional(check.callback),
  securitySchemes: check.optional(check.callback),
  onEvent: check.optional(check.callback),
  now: check.optional(check.callback),
};

/** @throws {ConfigError} When an option is missing, unknown or out of range. */
export function readHttpUpstreamOptions(given: HttpUpstreamOptions): HttpUpstreamOptions {
  const options = checkOptions('upstream', given, checks);
  const { audience, answerTimeoutSeconds = 300, maximumRequests = 1_000 } = options;
  if (audience?.trim() === '') throw new ConfigError('upstream.audience', 'must not be empty');
  if (!(answerTimeoutSeconds >= 1 && answerTimeoutSeconds <= 3_600)) {
    throw new ConfigError('upstream.answerTimeoutSeconds', 'must be from 1 to 3600');
  }
  if (!(maximumRequests >= 4 && maximumRequests <= 100_000)) {
    throw new ConfigError('upstream.maximumRequests', 'must be from 4 to 100000');
  }
  return { ...options, answerTimeoutSeconds, maximumRequests };
}

import type { ClientAuthentication } from '@sallyport/client-authentication';
import {
  type Checks,
  type ClaimPath,
  ConfigError,
  check,
  checkOptions,
  createReporter,
  type Environment,
  spellingsOfAudience,
  type TokenVerifier,
} from '@sallyport/core';
import { createGuardedFetch } from '@sallyport/guarded-fetch';
import { createAskingVerifier } from './asking-verifier.ts';
import {
  createIntrospectionClient,
  type IntrospectionProtocol,
  rfc7662,
} from './introspection-client.ts';
import type { IntrospectionEvent } from './introspection-event.ts';
import { createClock } from './questions/clock.ts';
import type { IntrospectionRules } from './responses/introspected-claims.ts';

type OneOrMore<T> = readonly [T, ...T[]];

/** The audience of accepted tokens. Exactly one of the two is required. */
type IntrospectionAudience =
  | {
      /**
       * The values of `aud` that stand for this server. An answer must contain one of them exactly. A URL
       * without a path matches with and without its final slash (RFC 3986 §6.2.3).
       */
      readonly audience: string | OneOrMore<string>;
      readonly audienceFromClient?: never;
    }
  | {
      readonly audience?: never;
      /**
       * Accepts answers without `aud`. Set it only if the authorization server reports a token as active
       * to the resource server of the token alone. Most servers report it to every client.
       */
      readonly audienceFromClient: true;
    };

/** Options for {@link createIntrospectionVerifier}. */
export type IntrospectionVerifierOptions = IntrospectionAudience & {
  /** The introspection endpoint. No URL of a token or of an answer is fetched. */
  readonly url: string;
  /** Where the program runs. In production, the endpoint must be https and on another machine. */
  readonly environment: Environment;
  readonly clientAuthentication: ClientAuthentication;
  /** The issuer of the tokens. Principals carry it. An answer with another `iss` is refused. */
  readonly issuer: string;
  /**
   * Time for one introspection request, in seconds: 1 to 60. Default 10. After 2 seconds it gives its place
   * to the next request, and goes on.
   */
  readonly timeoutSeconds?: number;
  /** Allowed difference between the clocks, in seconds: 0 to 120. Default 60. */
  readonly clockToleranceSeconds?: number;
  /**
   * Claims that may hold the scopes. The first claim that the answer has is used. Default `scope`, then `scp`.
   */
  readonly scopeClaims?: readonly ClaimPath[];
  /** Caches active answers. Default: no cache, so that a revoked token is refused at once. */
  readonly cache?: {
    /** Time to live, in seconds: 0 to 300. A revoked token is accepted for this long. */
    readonly ttlSeconds: number;
    /** The number of cached tokens: 1 to 1,000,000. Default 10,000. */
    readonly maximumTokens?: number;
  };
  /** Allows an authorization server in a private network. Default false. */
  readonly allowPrivateNetwork?: boolean;
  /** The HTTP proxy for all requests. Default: none. No environment variable is read. */
  readonly proxyUrl?: string;
  /** How requests are written and answers are read. Default: as in RFC 7662. */
  readonly protocol?: IntrospectionProtocol;
  /** Receives events for the operator. An error that it throws is ignored. Default: none. */
  readonly onEvent?: (event: IntrospectionEvent) => void;
  /** Clock for durations, in milliseconds from any start. Default `performance.now`. */
  readonly monotonicNow?: () => number;
};

const largestAnswerBytes = 65_536;

const optionChecks: Checks<IntrospectionVerifierOptions> = {
  audience: check.optional(
    check.either('must be a string or an array of strings', check.text, check.texts),
  ),
  audienceFromClient: check.optional(check.flag),
  url: check.text,
  environment: check.environment,
  clientAuthentication: check.shape('a client authentication', { present: 'function' }),
  issuer: check.text,
  timeoutSeconds: check.optional(check.number),
  clockToleranceSeconds: check.optional(check.number),
  scopeClaims: check.optional(
    check.listOf(check.either('must be a claim name or a path', check.text, check.texts)),
  ),
  cache: check.optional(
    check.options<{ ttlSeconds: number; maximumTokens?: number }>({
      ttlSeconds: check.number,
      maximumTokens: check.optional(check.number),
    }),
  ),
  allowPrivateNetwork: check.optional(check.flag),
  proxyUrl: check.optional(check.text),
  protocol: check.optional(
    check.shape('an introspection protocol', { question: 'function', read: 'function' }),
  ),
  onEvent: check.optional(check.callback),
  monotonicNow: check.optional(check.callback),
};

/**
 * Creates a verifier of opaque tokens that asks the server that issued them (RFC 7662). It also checks
 * issuer, audience, kind and times of the answer, at every request.
 *
 * It refuses a token that the server calls inactive for 5 seconds without asking again. It shares its
 * questions fairly among clients (`VerifyContext.clientKey`). It does not check scopes. It refuses
 * tokens that are bound to a sender (`cnf`), unless the context says that the guard checks the proof.
 *
 * @throws {ConfigError} When an option is missing or out of range, or the URL is not allowed.
 */
export function createIntrospectionVerifier(given: IntrospectionVerifierOptions): TokenVerifier {
  const options = checkOptions('introspection', given, optionChecks);
  const { clientAuthentication, protocol = rfc7662, cache, onEvent } = options;
  const { timeoutSeconds = 10, monotonicNow = () => performance.now() } = options;
  const rules = readRules(options);
  assertRange('introspection.timeoutSeconds', timeoutSeconds, 1, 60);
  assertRange('introspection.cache.ttlSeconds', cache?.ttlSeconds ?? 0, 0, 300);
  assertRange('introspection.cache.maximumTokens', cache?.maximumTokens ?? 10_000, 1, 1_000_000);
  const endpoint = createGuardedFetch({
    url: options.url,
    environment: options.environment,
    timeoutSeconds,
    maximumBytes: largestAnswerBytes,
    readStatuses: [400],
    allowPrivateNetwork: options.allowPrivateNetwork ?? false,
    ...(options.proxyUrl !== undefined && { proxyUrl: options.proxyUrl }),
    ...(protocol.mediaTypes !== undefined && { mediaTypes: protocol.mediaTypes }),
    option: 'introspection.url',
  });
  const report = createReporter(onEvent);
  const client = createIntrospectionClient({ endpoint, protocol, clientAuthentication, report });
  const { verify, readings, close } = createAskingVerifier({
    ask: client.ask,
    rules,
    clock: createClock(monotonicNow),
    timeoutMs: timeoutSeconds * 1_000,
    cacheTtlMs: (cache?.ttlSeconds ?? 0) * 1_000,
    maximumTokens: cache?.maximumTokens ?? 10_000,
    report,
  });

  return {
    name: 'introspection',
    verify,
    ...(readings && { readings }),

    async close() {
      close();
      await endpoint.close();
    },
  };
}

function readRules(options: IntrospectionVerifierOptions): IntrospectionRules {
  const { issuer, audience, audienceFromClient, clockToleranceSeconds = 60 } = options;
  assertName('introspection.issuer', issuer);
  if (audience === undefined && audienceFromClient !== true) {
    throw new ConfigError(
      'introspection.audience',
      'must be the aud of introspection responses for this server. If the authorization server leaves aud out, and reports a token as active only to the resource server that it is for, set audienceFromClient',
    );
  }
  if (audience !== undefined && audienceFromClient !== undefined) {
    throw new ConfigError('introspection.audienceFromClient', 'must not be set with an audience');
  }
  const names = audience === undefined ? undefined : [audience].flat();
  if (names?.length === 0)
    throw new ConfigError('introspection.audience', 'must name at least one');
  for (const name of names ?? []) assertName('introspection.audience', name);
  assertRange('introspection.clockToleranceSeconds', clockToleranceSeconds, 0, 120);
  return {
    issuer,
    audience: names && spellingsOfAudience(names),
    clockToleranceSeconds,
    scopeClaims: options.scopeClaims ?? ['scope', 'scp'],
  };
}

function assertName(option: string, value: unknown): void {
  if (typeof value !== 'string' || value === '' || /\s/.test(value) || value === '*') {
    throw new ConfigError(option, 'must be the exact value, without white space');
  }
}

function assertRange(option: string, value: unknown, minimum: number, maximum: number): void {
  if (typeof value !== 'number' || !(value >= minimum && value <= maximum)) {
    throw new ConfigError(option, `must be a number from ${minimum} to ${maximum}`);
  }
}

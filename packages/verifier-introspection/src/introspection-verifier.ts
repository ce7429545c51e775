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

/** For whom tokens are. One of the two must be said. */
export type IntrospectionAudience =
  | {
      /**
       * This server as answers name it in `aud`. One of them must be there exactly. A URL without a path matches
       * with and without its final slash (RFC 3986 §6.2.3).
       */
      readonly audience: string | OneOrMore<string>;
      readonly audienceFromClient?: never;
    }
  | {
      readonly audience?: never;
      /**
       * Only for a server that calls a token active to nobody but the resource server it is for: then
       * its word is all there is. Most do so for every client.
       */
      readonly audienceFromClient: true;
    };

/** Options for {@link createIntrospectionVerifier}. */
export type IntrospectionVerifierOptions = IntrospectionAudience & {
  /** The introspection endpoint. Fixed here: nothing that a token or an answer says is fetched. */
  readonly url: string;
  /** Where the program runs: in production only https, and never this machine. */
  readonly environment: Environment;
  readonly clientAuthentication: ClientAuthentication;
  /** Who issues the tokens. Principals carry it; an answer with another `iss` is refused. */
  readonly issuer: string;
  /**
   * Time for one question in all, in seconds: 1 to 60. Default 10. A question that takes longer than 2
   * seconds gives its place to the next one.
   */
  readonly timeoutSeconds?: number;
  /** Clock difference to forgive, in seconds: 0 to 120. Default 60. */
  readonly clockToleranceSeconds?: number;
  /**
   * Claims that may hold the scopes; the first that an answer has counts. Default `scope`, then
   * `scp`.
   */
  readonly scopeClaims?: readonly ClaimPath[];
  /** What the server said before is used again. Default not at all: it may revoke any time. */
  readonly cache?: {
    /** For how long, in seconds: 0 to 300. A revoked token is accepted for as long. */
    readonly ttlSeconds: number;
    /** 1 to 1,000,000. Default 10,000. */
    readonly maximumTokens?: number;
  };
  /** For an authorization server in one's own network. Default false. */
  readonly allowPrivateNetwork?: boolean;
  /** An HTTP proxy to send everything through. Default none; no variable is read. */
  readonly proxyUrl?: string;
  /** How to ask and to read answers. Default as RFC 7662 says. */
  readonly protocol?: IntrospectionProtocol;
  /** Is told what an operator should know. What it throws is ignored. Default nobody. */
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
 * Verifies opaque tokens by asking the server that issued them (RFC 7662). It checks issuer, audience,
 * kind and times of the answer as well, at every request.
 *
 * It refuses a token that the server calls inactive for 5 seconds without asking again. It shares its
 * questions fairly among clients (`VerifyContext.clientKey`). It does not check scopes. It refuses
 * tokens that are bound to a sender (`cnf`), unless the context says that the proof is asked for.
 *
 * @throws {ConfigError} When an option is missing or out of range, or the URL must not be asked.
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

import {
  AuthError,
  type Checks,
  ConfigError,
  check,
  checkOptions,
  type Environment,
  type Principal,
  type TokenVerifier,
} from '@sallyport/core';
import { isLoopback } from './loopback.ts';
import { assertTokens, type StaticToken } from './static-token.ts';
import { createTokenTable } from './token-table.ts';

/** Options for {@link createStaticVerifier}. */
export interface StaticVerifierOptions {
  /**
   * The caller of each token, by the token: at least one token of the `b64token` alphabet (RFC 6750 §2.1) and
   * at least 16 characters. Shorter ones, such as the `dev-token-12345` of the documentation, are
   * for servers that only this machine can reach.
   */
  readonly tokens: Readonly<Record<string, StaticToken>>;
  /** This server, as tokens would name it: the only `audience` of every principal. */
  readonly audience: string;
  /** Where the program runs, as `detectEnvironment` found it. */
  readonly environment: Environment;
  /**
   * The host that the server listens on, such as `127.0.0.1` or `0.0.0.0`. The verifier does not
   * check that the server really does.
   */
  readonly listenHost: string;
  /** The issuer of every principal. Default `urn:sallyport:static`. */
  readonly issuer?: string;
}

const rollingSeconds = 3_600;

const optionChecks: Checks<StaticVerifierOptions> = {
  tokens: check.recordOf(check.anything),
  audience: check.text,
  environment: check.environment,
  listenHost: check.text,
  issuer: check.optional(check.text),
};

/**
 * Knows a fixed list of tokens, for development at one's own machine.
 *
 * It refuses to exist in production, and wherever a platform shows signs of production. Nothing
 * falls back to it: a server has this verifier or another one. Tokens are not checked for
 * randomness, and none can be revoked without a restart.
 *
 * @example
 * ```ts
 * const verifier = createStaticVerifier({
 *   tokens: { 'dev-token-12345': { clientId: 'dev-user', scopes: ['notes:read'] } },
 *   audience: 'http://127.0.0.1:8000/mcp',
 *   environment: detectEnvironment({ ENVIRONMENT: 'development' }),
 *   listenHost: '127.0.0.1',
 * });
 * ```
 * @throws {ConfigError} `static.environment` in production; `static.tokens`, `static.audience`,
 *   `static.listenHost` or `static.issuer` when it cannot be used. No token is part of a message.
 */
export function createStaticVerifier(given: StaticVerifierOptions): TokenVerifier {
  const options = checkOptions('static', given, optionChecks);
  const { tokens, audience, environment, listenHost, issuer = 'urn:sallyport:static' } = options;
  assertDevelopment(environment);
  assertText('static.audience', audience);
  assertText('static.listenHost', listenHost);
  assertText('static.issuer', issuer);
  assertTokens(tokens, !isLoopback(listenHost));
  // Copied, so that a later change of the options grants no scope.
  const table = createTokenTable(structuredClone(tokens));

  return {
    name: 'static',

    async verify(token, { nowSeconds }) {
      const entry = table.find(token);
      if (entry === undefined) {
        throw new AuthError('token_inactive', { detail: 'not one of the static tokens' });
      }
      if (entry.expiresAt !== undefined && nowSeconds >= entry.expiresAt) {
        throw new AuthError('token_expired', { detail: 'a static token past its expiresAt' });
      }
      return toPrincipal(entry, { issuer, audience, nowSeconds });
    },
  };
}

function toPrincipal(
  { clientId, subject = clientId, scopes, expiresAt }: StaticToken,
  { issuer, audience, nowSeconds }: { issuer: string; audience: string; nowSeconds: number },
): Principal {
  return Object.freeze({
    issuer,
    subject,
    clientId,
    audience: Object.freeze([audience]),
    // One for each principal: a `Set` cannot be frozen.
    scopes: new Set(scopes),
    expiresAt: expiresAt ?? nowSeconds + rollingSeconds,
    claims: Object.freeze({}),
  });
}

function assertDevelopment({ isProduction, name, productionSigns }: Environment): void {
  if (!isProduction) return;
  const reasons = [...(name === 'production' ? ['ENVIRONMENT'] : []), ...productionSigns];
  throw new ConfigError(
    'static.environment',
    `static tokens are for development, and this is production according to ${reasons.join(', ')}: use tokens of an authorization server, or set ENVIRONMENT=development at your own machine`,
  );
}

function assertText(option: string, value: string): void {
  if (typeof value !== 'string' || value === '' || /\s/.test(value)) {
    throw new ConfigError(option, 'must be text without white space');
  }
}

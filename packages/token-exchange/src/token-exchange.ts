import {
  assertScopes,
  type Checks,
  ConfigError,
  check,
  checkOptions,
  type TokenExchange,
} from '@sallyport/core';
import { type CommonOptions, commonChecks, createExchanger } from './exchanger.ts';

/** An upstream API, as the authorization server knows it. At least one of `resource` and `audience`. */
interface ExchangeTarget {
  /** Its resource indicator: an absolute URI (RFC 8693 §2.1, RFC 8707). */
  readonly resource?: string;
  /** Its logical name, where the authorization server has one. */
  readonly audience?: string;
  /** Scopes to ask for. Default what the authorization server gives by itself. */
  readonly scopes?: readonly string[];
}

/** Options for {@link createTokenExchange}. */
export interface TokenExchangeOptions extends CommonOptions {
  /** The token endpoint. */
  readonly url: string;
  /**
   * Every upstream API that a token may be got for, by the server's own name for it. A tool can ask for
   * no other.
   */
  readonly targets: Readonly<Record<string, ExchangeTarget>>;
}

const accessToken = 'urn:ietf:params:oauth:token-type:access_token';

const targetChecks: Checks<ExchangeTarget> = {
  resource: check.optional(check.text),
  audience: check.optional(check.text),
  scopes: check.optional(check.texts),
};

const optionChecks: Checks<TokenExchangeOptions> = {
  ...commonChecks,
  url: check.text,
  targets: check.recordOf(check.options(targetChecks)),
};

/**
 * Exchanges the caller's token at a token endpoint (RFC 8693): by impersonation, without an actor
 * token.
 *
 * @throws {ConfigError} When an option is missing or out of range.
 */
export function createTokenExchange(given: TokenExchangeOptions): TokenExchange {
  const options = checkOptions('exchange', given, optionChecks);
  for (const [name, { resource, audience, scopes = [] }] of Object.entries(options.targets)) {
    const option = `exchange.targets.${name}`;
    if (resource === undefined && audience === undefined) {
      throw new ConfigError(option, 'must have a resource or an audience');
    }
    if (resource !== undefined && (!URL.canParse(resource) || resource.includes('#'))) {
      throw new ConfigError(option, 'resource must be an absolute URI without a fragment');
    }
    if (audience === '') throw new ConfigError(option, 'audience must not be empty');
    assertScopes(option, scopes);
  }
  return createExchanger(options, {
    url: options.url,
    targets: options.targets,
    issuedTokenType: accessToken,
    scopesOf: ({ scopes = [] }) => scopes,
    parametersFor: (subjectToken, { resource, audience, scopes = [] }) => [
      ['grant_type', 'urn:ietf:params:oauth:grant-type:token-exchange'],
      ['subject_token', subjectToken],
      ['subject_token_type', accessToken],
      ['requested_token_type', accessToken],
      ...(resource === undefined ? [] : [['resource', resource] as const]),
      ...(audience === undefined ? [] : [['audience', audience] as const]),
      ...(scopes.length === 0 ? [] : [['scope', scopes.join(' ')] as const]),
    ],
  });
}

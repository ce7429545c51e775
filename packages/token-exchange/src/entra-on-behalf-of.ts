import {
  assertScopes,
  type Checks,
  ConfigError,
  check,
  checkOptions,
  type TokenExchange,
} from '@sallyport/core';
import { type CommonOptions, commonChecks, createExchanger } from './exchanger.ts';

/** An API of Entra's, by the scopes that it is asked for with. */
interface EntraTarget {
  /** In full, all of one API: `https://graph.microsoft.com/User.Read`, `api://…/.default`. */
  readonly scopes: readonly [string, ...string[]];
}

/** Options for {@link createEntraOnBehalfOf}. */
export interface EntraOnBehalfOfOptions extends CommonOptions {
  /** GUID of the tenant. */
  readonly tenant: string;
  /** Every API that a token may be got for, by the server's own name for it. */
  readonly targets: Readonly<Record<string, EntraTarget>>;
  /** Sovereign clouds have others. Default `https://login.microsoftonline.com`. */
  readonly authority?: string;
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const optionChecks: Checks<EntraOnBehalfOfOptions> = {
  ...commonChecks,
  tenant: check.text,
  targets: check.recordOf(check.options<EntraTarget>({ scopes: check.texts })),
  authority: check.optional(check.text),
};

/**
 * Entra's on-behalf-of flow: the assertion form of RFC 7523 with `requested_token_use`. The caller's
 * token must have been issued to this very application, and for a person.
 *
 * @throws {ConfigError} When an option is missing or out of range.
 */
export function createEntraOnBehalfOf(given: EntraOnBehalfOfOptions): TokenExchange {
  const options = checkOptions('exchange', given, optionChecks);
  const { tenant, authority = 'https://login.microsoftonline.com' } = options;
  if (!guid.test(tenant)) throw new ConfigError('exchange.tenant', 'must be the GUID of a tenant');
  for (const [name, { scopes }] of Object.entries(options.targets)) {
    const option = `exchange.targets.${name}`;
    if (scopes.length === 0) throw new ConfigError(option, 'must have scopes');
    assertScopes(option, scopes);
  }
  return createExchanger(options, {
    url: `${authority}/${tenant}/oauth2/v2.0/token`,
    targets: options.targets,
    issuedTokenType: undefined,
    scopesOf: ({ scopes }) => scopes,
    parametersFor: (subjectToken, { scopes }) => [
      ['grant_type', 'urn:ietf:params:oauth:grant-type:jwt-bearer'],
      ['assertion', subjectToken],
      ['requested_token_use', 'on_behalf_of'],
      ['scope', scopes.join(' ')],
    ],
  });
}

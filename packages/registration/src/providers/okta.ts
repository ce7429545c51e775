import { type Checks, ConfigError, check, checkOptions } from '@sallyport/core';
import { commonChecks, createSignIn, type SignInOptions } from '../create-sign-in.ts';
import type { SignIn } from '../sign-in.ts';
import { readBase } from './endpoint.ts';
import { asIs, nothing, withOfflineAccess } from './provider.ts';

/** Options for {@link okta}. */
export interface OktaSignInOptions extends SignInOptions {
  /** The issuer of a custom authorization server, such as `https://acme.okta.com/oauth2/default`. */
  readonly issuer: string;
  /** The audience of that authorization server, such as `api://default`. */
  readonly audience: string;
}

const optionChecks: Checks<OktaSignInOptions> = {
  ...commonChecks,
  issuer: check.text,
  audience: check.text,
};

/**
 * Signs people in at a custom authorization server of Okta. `protect` takes it as its setting `signIn`.
 *
 * Okta does not know `resource`: it is checked and not sent on, and `audience` is sent in its place. The org
 * authorization server is refused, because its access tokens are for Okta alone.
 *
 * @example
 * ```ts
 * signIn: okta({ issuer, audience: 'api://default', clientId, clientAuthentication, sealingKey })
 * ```
 * @throws {ConfigError} When an option is missing or wrong.
 */
export function okta(options: OktaSignInOptions): SignIn {
  const { issuer, audience, ...common } = checkOptions('signIn', options, optionChecks);
  const base = readBase('signIn.issuer', issuer);
  if (!/^\/oauth2\/(?!v1$)[^/]+$/.test(new URL(base).pathname)) {
    throw new ConfigError(
      'signIn.issuer',
      'must be a custom authorization server, such as https://acme.okta.com/oauth2/default. The access tokens of the org authorization server are for Okta alone',
    );
  }
  if (audience === '') throw new ConfigError('signIn.audience', 'must not be empty');
  return createSignIn(common, {
    issuer: base,
    authorizationEndpoint: `${base}/v1/authorize`,
    tokenEndpoint: `${base}/v1/token`,
    requestScopes: withOfflineAccess,
    ownScope: asIs,
    authorizationParameters: () => ({ audience }),
    tokenParameters: nothing,
    refreshNeedsScope: false,
    addsEarlierScopes: false,
  });
}

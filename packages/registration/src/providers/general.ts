import { type Checks, ConfigError, check, checkOptions } from '@sallyport/core';
import { commonChecks, createSignIn, type SignInOptions } from '../create-sign-in.ts';
import type { SignIn } from '../sign-in.ts';
import { readEndpoint } from './endpoint.ts';
import { asIs, nothing, resourceParameter, withOfflineAccess } from './provider.ts';

/** Options for {@link general}. */
export interface GeneralSignInOptions extends SignInOptions {
  /** `issuer` of the provider's metadata, exactly. */
  readonly issuer: string;
  /** `authorization_endpoint` of the provider's metadata. */
  readonly authorizationEndpoint: string;
  /** `token_endpoint` of the provider's metadata. */
  readonly tokenEndpoint: string;
  /** Whether the provider accepts `resource` (RFC 8707). It is checked in any case. Default true. */
  readonly sendsResource?: boolean;
  /** Whether the provider knows the scope `offline_access`. Default true. */
  readonly sendsOfflineAccess?: boolean;
}

const optionChecks: Checks<GeneralSignInOptions> = {
  ...commonChecks,
  issuer: check.text,
  authorizationEndpoint: check.text,
  tokenEndpoint: check.text,
  sendsResource: check.optional(check.flag),
  sendsOfflineAccess: check.optional(check.flag),
};

/**
 * Signs people in at any authorization server with a code flow and PKCE. `protect` takes it as its setting `signIn`.
 *
 * @example
 * ```ts
 * signIn: general({ issuer, authorizationEndpoint, tokenEndpoint, clientId, sealingKey })
 * ```
 * @throws {ConfigError} When an option is missing or wrong.
 */
export function general(options: GeneralSignInOptions): SignIn {
  const checked = checkOptions('signIn', options, optionChecks);
  const { issuer, authorizationEndpoint, tokenEndpoint, ...others } = checked;
  const { sendsResource = true, sendsOfflineAccess = true, ...common } = others;
  if (!URL.canParse(issuer)) throw new ConfigError('signIn.issuer', 'must be an absolute URL');
  const parameters = sendsResource ? resourceParameter : nothing;
  return createSignIn(common, {
    issuer,
    authorizationEndpoint: readEndpoint('signIn.authorizationEndpoint', authorizationEndpoint),
    tokenEndpoint: readEndpoint('signIn.tokenEndpoint', tokenEndpoint),
    requestScopes: sendsOfflineAccess ? withOfflineAccess : (scopes) => scopes,
    ownScope: asIs,
    authorizationParameters: parameters,
    tokenParameters: parameters,
    refreshNeedsScope: false,
    addsEarlierScopes: false,
  });
}

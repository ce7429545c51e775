import { type Checks, ConfigError, check, checkOptions } from '@sallyport/core';
import { commonChecks, createSignIn, type SignInOptions } from '../create-sign-in.ts';
import type { SignIn } from '../sign-in.ts';
import { readBase } from './endpoint.ts';
import { asIs, resourceParameter } from './provider.ts';

/** Options for {@link cognito}. */
export interface CognitoSignInOptions extends SignInOptions {
  /** The id of the user pool, such as `eu-central-1_AbCdEfGhI`. */
  readonly userPoolId: string;
  /** The address of managed login, such as `https://acme.auth.eu-central-1.amazoncognito.com`. */
  readonly domain: string;
}

const optionChecks: Checks<CognitoSignInOptions> = {
  ...commonChecks,
  userPoolId: check.text,
  domain: check.text,
};

/**
 * Signs people in at Amazon Cognito. `protect` takes it as its setting `signIn`.
 *
 * `resource` is sent on: managed login of the plans Essentials and Plus binds tokens to it. Cognito issues refresh
 * tokens without being asked, and refuses the scope `offline_access`. Scopes have the names that Cognito gives them,
 * such as `https://mcp.example.com/mcp/notes:read`.
 *
 * @example
 * ```ts
 * signIn: cognito({ userPoolId, domain, clientId, sealingKey })
 * ```
 * @throws {ConfigError} When an option is missing or wrong.
 */
export function cognito(options: CognitoSignInOptions): SignIn {
  const { userPoolId, domain, ...common } = checkOptions('signIn', options, optionChecks);
  const [, region] = /^([a-z]{2}(?:-[a-z]+)+-\d)_[A-Za-z0-9]+$/.exec(userPoolId) ?? [];
  if (region === undefined) {
    throw new ConfigError(
      'signIn.userPoolId',
      'must be the id of the user pool, such as eu-central-1_AbCdEfGhI',
    );
  }
  const base = readBase('signIn.domain', domain);
  return createSignIn(common, {
    issuer: `https://cognito-idp.${region}.amazonaws.com/${userPoolId}`,
    authorizationEndpoint: `${base}/oauth2/authorize`,
    tokenEndpoint: `${base}/oauth2/token`,
    requestScopes: (scopes) => scopes,
    ownScope: asIs,
    authorizationParameters: resourceParameter,
    // Cognito wants the client's id in the body, beside the header with the secret.
    tokenParameters: (resource) => ({ resource, client_id: common.clientId }),
    refreshNeedsScope: false,
    addsEarlierScopes: false,
  });
}

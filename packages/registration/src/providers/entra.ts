import { type Checks, ConfigError, check, checkOptions } from '@sallyport/core';
import { commonChecks, createSignIn, type SignInOptions } from '../create-sign-in.ts';
import type { SignIn } from '../sign-in.ts';
import { readBase } from './endpoint.ts';
import { nothing, offlineAccess, withOfflineAccess } from './provider.ts';

/** Options for {@link entra}. */
export interface EntraSignInOptions extends SignInOptions {
  /** The GUID of the tenant, in lower case. */
  readonly tenant: string;
  /**
   * The Application ID URI of the API, such as `api://8f2c1d5e-3b7a-4c9d-8e6f-1a2b3c4d5e6f`. Requests name scopes
   * with it: without it, Entra looks for them at Microsoft Graph.
   */
  readonly applicationIdUri: string;
  /** The sign-in address of a national cloud. Default `https://login.microsoftonline.com`. */
  readonly authority?: string;
}

const optionChecks: Checks<EntraSignInOptions> = {
  ...commonChecks,
  tenant: check.text,
  applicationIdUri: check.text,
  authority: check.optional(check.text),
};

const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Signs people in at Microsoft Entra ID. `protect` takes it as its setting `signIn`.
 *
 * `resource` is checked and not sent on, because Entra refuses it. `prompt` is not sent on, because it would ask for
 * the consent of an administrator. A client of the platform "Web" needs `clientAuthentication`. One of "Mobile and
 * desktop applications" must not have it.
 *
 * @example
 * ```ts
 * signIn: entra({ tenant, clientId, applicationIdUri: `api://${clientId}`, sealingKey })
 * ```
 * @throws {ConfigError} When an option is missing or wrong.
 */
export function entra(options: EntraSignInOptions): SignIn {
  const {
    tenant,
    applicationIdUri,
    authority = 'https://login.microsoftonline.com',
    ...common
  } = checkOptions('signIn', options, optionChecks);
  if (!guid.test(tenant)) {
    throw new ConfigError('signIn.tenant', 'must be the GUID of the tenant in lower case');
  }
  if (!URL.canParse(applicationIdUri) || /[\s/]$/.test(applicationIdUri)) {
    throw new ConfigError(
      'signIn.applicationIdUri',
      'must be the Application ID URI of the API without a slash at the end, such as api://8f2c1d5e-3b7a-4c9d-8e6f-1a2b3c4d5e6f',
    );
  }
  const base = readBase('signIn.authority', authority);
  const prefix = `${applicationIdUri}/`;
  return createSignIn(common, {
    issuer: `${base}/${tenant}/v2.0`,
    authorizationEndpoint: `${base}/${tenant}/oauth2/v2.0/authorize`,
    tokenEndpoint: `${base}/${tenant}/oauth2/v2.0/token`,
    // Entra refuses a request that asks for nothing but a refresh token.
    requestScopes: (scopes, refreshes) =>
      withOfflineAccess(
        scopes.length === 0 ? [`${prefix}.default`] : scopes.map((scope) => prefix + scope),
        refreshes,
      ),
    ownScope: (scope) =>
      scope !== offlineAccess && scope.startsWith(prefix) ? scope.slice(prefix.length) : scope,
    authorizationParameters: nothing,
    tokenParameters: nothing,
    refreshNeedsScope: true,
    addsEarlierScopes: true,
  });
}

/** How callers are authenticated: from the settings to a verifier. */
import { ConfigError, type TokenVerifier } from '@sallyport/core';
import { createJwtVerifier } from '@sallyport/verifier-jwt';
import { createStaticVerifier } from '@sallyport/verifier-static';
import { type AddressContext, namesOfIssuers, readIssuers } from './issuers.ts';
import type {
  DevelopmentSettings,
  IssuerSettings,
  SignInVerifierSettings,
  VerifierSettings,
} from './settings.ts';

type AuthorizationServers = readonly [string, ...string[]] | readonly [];

/** A verifier, and where clients get the tokens that it accepts. */
export interface Authentication {
  readonly verifier: TokenVerifier;
  readonly authorizationServers: AuthorizationServers;
}

type Settings = (
  | IssuerSettings
  | VerifierSettings
  | SignInVerifierSettings
  | DevelopmentSettings
) & {
  readonly authorizationServers?: AuthorizationServers;
};

/** @throws {ConfigError} When the settings do not make a verifier. */
export function createAuthentication(settings: Settings, context: AddressContext): Authentication {
  if (settings.verifier !== undefined) {
    const { verifier, authorizationServers } = settings;
    if (authorizationServers !== undefined) return { verifier, authorizationServers };
    throw new ConfigError(
      'protect.authorizationServers',
      "is missing: a verifier does not say where clients sign in. Name the issuer, such as ['https://auth.example.com']",
    );
  }
  if (settings.developmentTokens !== undefined) {
    const { origin } = new URL(context.resource);
    return {
      verifier: createStaticVerifier({
        tokens: settings.developmentTokens,
        audience: context.resource,
        environment: context.environment,
        issuer: origin,
        // The settings do not say where the server listens, so tokens must be hard to guess.
        listenHost: '0.0.0.0',
      }),
      authorizationServers: settings.authorizationServers ?? [origin],
    };
  }
  const issuers = readIssuers(settings, context);
  const { authorizationServers = namesOfIssuers(issuers) } = settings;
  const [only, ...others] = issuers;
  // Errors of a single issuer name it without a number.
  const verifier = createJwtVerifier(others.length === 0 ? only : { issuers });
  return { verifier, authorizationServers };
}

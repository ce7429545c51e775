/** The sign-in at this server, put together of `@sallyport/registration`. */
import { ConfigError, type Secret } from '@sallyport/core';
import type { SignIn, SignInOptions } from '@sallyport/registration';
import { networkOptions } from '../compose/compose-keys.ts';
import type { Config, SignInConfig } from '../config.ts';
import { loadPackage } from '../optional-package.ts';
import { currentSecret } from '../secrets/current-secret.ts';
import { signInClientId } from '../variables/sign-in-variables.ts';
import { createSealingKeys } from './sealing-keys.ts';

/** A sign-in whose key can change. */
export interface ComposedSignIn {
  readonly signIn: SignIn;
  /** @throws {ConfigError} When the key is too short. The one before stays in force. */
  replaceKey(next: Secret): void;
}

const timeoutSeconds = 10;
const option = 'signIn.sealingKey';
const isLong = (secret: Secret) => new TextEncoder().encode(secret.reveal().trim()).length >= 32;

/**
 * @param checkSecret Throws for a secret that was published.
 * @throws {ConfigError} When the parts do not fit together, or the package is not installed.
 */
export async function composeSignIn(
  config: Config,
  given: SignInConfig,
  checkSecret: (secret: Secret, option: string) => void,
): Promise<ComposedSignIn> {
  const library = await loadPackage(
    '@sallyport/registration',
    signInClientId.name,
    () => import('@sallyport/registration'),
  );
  const { clientId, clientSecret, clientSecretName, allowedClients, signInOrigins } = given;
  const { url = '', tokenUrl = '' } = given;
  const issuer = issuerOf(config);
  const { key, previousKey } = given;
  // The package refuses a short one in its own words.
  if (key !== undefined && isLong(key)) checkSecret(key, option);
  // Everybody who knows it can make client ids and codes.
  if (previousKey !== undefined && isLong(previousKey))
    checkSecret(previousKey, 'signIn.previousKey');
  const keys = key && createSealingKeys(key, previousKey);
  const { clientSecretBasic, clientSecretPost } = library;
  const authenticate = given.kind === 'entra' ? clientSecretPost : clientSecretBasic;
  const options: SignInOptions = {
    clientId,
    ...networkOptions(config.network),
    ...(clientSecret !== undefined && {
      clientAuthentication: authenticate({
        clientId,
        secret: currentSecret(clientSecret, clientSecretName, config.secrets, timeoutSeconds),
      }),
    }),
    ...(keys && { sealingKey: keys.read }),
    ...(allowedClients.length > 0 && { allowedClients }),
    signInOrigins,
  };
  const { entra, cognito, okta, general } = library;
  const kinds: Readonly<Record<SignInConfig['kind'], () => SignIn>> = {
    entra: () =>
      entra({
        ...options,
        tenant: /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(issuer)?.[0] ?? issuer,
        applicationIdUri: applicationIdUri(config),
      }),
    cognito: () => cognito({ ...options, userPoolId: lastSegment(issuer), domain: url }),
    okta: () => okta({ ...options, issuer, audience: audienceOf(config) }),
    general: () =>
      general({ ...options, issuer, authorizationEndpoint: url, tokenEndpoint: tokenUrl }),
  };
  return {
    signIn: kinds[given.kind](),
    replaceKey(next) {
      if (!isLong(next)) throw new ConfigError(option, 'must be at least 32 bytes');
      checkSecret(next, option);
      keys?.replace(next);
    },
  };
}

/** The issuer, or the tenant where a preset makes the issuer of it. */
function issuerOf({ authentication }: Config): string {
  if (authentication.type === 'introspection') return authentication.issuer;
  if (authentication.type !== 'jwt') return '';
  const { issuer, tenant = '', provider } = authentication;
  return issuer ?? (provider?.name === 'okta' ? `https://${tenant}` : tenant);
}

function audienceOf({ authentication, resource }: Config): string {
  return ('audience' in authentication && authentication.audience) || resource;
}

/** Entra makes one of the client id of the API. */
function applicationIdUri(config: Config): string {
  const audience = audienceOf(config);
  return URL.canParse(audience) ? audience : `api://${audience}`;
}

function lastSegment(issuer: string): string {
  return issuer.slice(issuer.lastIndexOf('/') + 1);
}

/**
 * Introspection endpoints of identity providers, from their published documents. Each returns the
 * options of `createIntrospectionVerifier`.
 */

import {
  bearerToken,
  type ClientAuthentication,
  type ClientSecretOptions,
  clientSecretBasic,
  clientSecretPost,
  noClientAuthentication,
  type SecretSource,
} from '@sallyport/client-authentication';
import { type Checks, ConfigError, check, checkOptions, type Environment } from '@sallyport/core';
import type { IntrospectionVerifierOptions } from './introspection-verifier.ts';
import { clerkVerify, googleTokeninfo } from './responses/vendor-protocols.ts';

/** Options of every preset. */
export interface ProviderOptions {
  readonly environment: Environment;
  /** The value of `aud` that stands for this server. */
  readonly audience: string | readonly [string, ...string[]];
}

/** Options of a preset whose endpoint authenticates its clients. */
export interface ConfidentialProviderOptions extends ProviderOptions {
  /** This server, as a client of the provider. */
  readonly clientId: string;
  readonly secret: SecretSource;
}

const secretCheck = check.either(
  'must be a Secret, or a function that finds one',
  check.callback,
  check.secret,
);

const providerChecks: Checks<ProviderOptions> = {
  environment: check.environment,
  audience: check.either('must be a string or an array of strings', check.text, check.texts),
};

const confidentialChecks: Checks<ConfidentialProviderOptions> = {
  ...providerChecks,
  clientId: check.text,
  secret: secretCheck,
};

function readOptions<Options extends object>(
  given: Options,
  checks: NoInfer<Checks<Options>>,
): Options {
  return checkOptions('introspection.provider', given, checks);
}

const host = /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/;
const segment = /^[A-Za-z0-9][\w.~-]*$/;

/**
 * A custom authorization server of Okta, such as `default`.
 *
 * @throws {ConfigError} For the org authorization server: its tokens are for Okta itself.
 */
export function okta(
  given: ConfidentialProviderOptions & {
    readonly domain: string;
    readonly authorizationServerId: string;
  },
): IntrospectionVerifierOptions {
  const options = readOptions(given, {
    ...confidentialChecks,
    domain: check.text,
    authorizationServerId: check.text,
  });
  const server = options.authorizationServerId;
  if (['', 'org', 'v1'].includes(server)) {
    refuse(
      'authorizationServerId',
      'must not be the org authorization server: its access tokens are for Okta itself; use a custom authorization server, for example `default`',
    );
  }
  const issuer = `https://${read('domain', options.domain, host)}/oauth2/${read('authorizationServerId', server, segment)}`;
  return preset(options, issuer, `${issuer}/v1/introspect`, clientSecretBasic(clientOf(options)));
}

/**
 * Auth0 has no introspection endpoint.
 *
 * @throws {ConfigError} Always: its access tokens for an API are JWTs.
 */
export function auth0(): never {
  throw new ConfigError(
    'introspection.provider',
    'Auth0 has no introspection endpoint. Its access tokens for an API are JWTs: use providers.auth0 of @sallyport/verifier-jwt, and let clients request the API',
  );
}

/** A realm of Keycloak. */
export function keycloak(
  given: ConfidentialProviderOptions & { readonly baseUrl: string; readonly realm: string },
): IntrospectionVerifierOptions {
  const options = readOptions(given, {
    ...confidentialChecks,
    baseUrl: check.text,
    realm: check.text,
  });
  const issuer = `${readBase('baseUrl', options.baseUrl)}/realms/${read('realm', options.realm, segment)}`;
  const url = `${issuer}/protocol/openid-connect/token/introspect`;
  return preset(options, issuer, url, clientSecretBasic(clientOf(options)));
}

/** A tenant of Logto. */
export function logto(
  given: ConfidentialProviderOptions & { readonly domain: string },
): IntrospectionVerifierOptions {
  const options = readOptions(given, { ...confidentialChecks, domain: check.text });
  const issuer = `https://${read('domain', options.domain, host)}/oidc`;
  return preset(
    options,
    issuer,
    `${issuer}/token/introspection`,
    clientSecretBasic(clientOf(options)),
  );
}

/**
 * Ory Hydra. Its admin port has no authentication, so it must be reachable from this server alone. Ory
 * Network requires an API key.
 */
export function oryHydra(
  given: ProviderOptions & {
    readonly issuer: string;
    /** The URL of the admin API. */
    readonly adminUrl: string;
    readonly apiKey?: SecretSource;
  },
): IntrospectionVerifierOptions {
  const options = readOptions(given, {
    ...providerChecks,
    issuer: check.text,
    adminUrl: check.text,
    apiKey: check.optional(secretCheck),
  });
  const { apiKey, issuer } = options;
  const url = `${readBase('adminUrl', options.adminUrl)}/admin/oauth2/introspect`;
  const authentication = apiKey === undefined ? noClientAuthentication() : bearerToken(apiKey);
  return { ...preset(options, issuer, url, authentication), allowPrivateNetwork: true };
}

/** An environment of PingOne. The client is the resource, with its own secret. */
export function ping(
  given: ConfidentialProviderOptions & {
    readonly environmentId: string;
    readonly region: 'com' | 'ca' | 'eu' | 'com.au' | 'sg' | 'asia';
  },
): IntrospectionVerifierOptions {
  const options = readOptions(given, {
    ...confidentialChecks,
    environmentId: check.text,
    region: check.text,
  });
  const { region } = options;
  const environmentId = read('environmentId', options.environmentId, segment);
  const issuer = `https://auth.pingone.${read('region', region, /^[a-z.]+$/)}/${environmentId}/as`;
  return preset(options, issuer, `${issuer}/introspect`, clientSecretBasic(clientOf(options)));
}

/** A project of Stytch. */
export function stytch(
  given: ConfidentialProviderOptions & { readonly projectId: string },
): IntrospectionVerifierOptions {
  const options = readOptions(given, { ...confidentialChecks, projectId: check.text });
  const project = read('projectId', options.projectId, /^project-(live|test)-[0-9a-f-]{36}$/);
  const domain = project.startsWith('project-test-') ? 'test.stytch.com' : 'api.stytch.com';
  const url = `https://${domain}/v1/public/${project}/oauth2/introspect`;
  return preset(options, `stytch.com/${project}`, url, clientSecretPost(clientOf(options)));
}

/** Google's opaque access tokens. The audience is the OAuth client that they were issued to. */
export function google(given: ProviderOptions): IntrospectionVerifierOptions {
  const options = readOptions(given, providerChecks);
  const url = 'https://oauth2.googleapis.com/tokeninfo';
  const authentication = noClientAuthentication();
  return {
    ...preset(options, 'https://accounts.google.com', url, authentication),
    protocol: googleTokeninfo,
  };
}

/** Clerk's opaque access tokens. They have no audience, because Clerk reports tokens of the same instance only. */
export function clerk(given: {
  readonly environment: Environment;
  /** The domain of the instance, such as `clerk.acme.com`. */
  readonly domain: string;
  readonly secretKey: SecretSource;
}): IntrospectionVerifierOptions {
  const options = readOptions(given, {
    environment: check.environment,
    domain: check.text,
    secretKey: secretCheck,
  });
  return {
    environment: options.environment,
    issuer: `https://${read('domain', options.domain, host)}`,
    url: 'https://api.clerk.com/oauth_applications/access_tokens/verify',
    clientAuthentication: bearerToken(options.secretKey),
    audienceFromClient: true,
    protocol: clerkVerify,
  };
}

function clientOf({ clientId, secret }: ConfidentialProviderOptions): ClientSecretOptions {
  return { clientId, secret };
}

function preset(
  { environment, audience }: ProviderOptions,
  issuer: string,
  url: string,
  clientAuthentication: ClientAuthentication,
): IntrospectionVerifierOptions {
  return { environment, audience, issuer, url, clientAuthentication };
}

function read(option: string, value: unknown, form: RegExp): string {
  if (typeof value === 'string' && form.test(value) && !/^your[-_]/i.test(value)) return value;
  return refuse(option, 'is missing, a placeholder, or not in the form that the provider uses');
}

function readBase(option: string, value: string): string {
  if (URL.canParse(value) && new URL(value).href.replace(/\/$/, '') === value) return value;
  return refuse(option, 'must be a URL without a slash at the end');
}

function refuse(option: string, problem: string): never {
  throw new ConfigError(`introspection.provider.${option}`, problem);
}

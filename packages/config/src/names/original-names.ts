/**
 * The names of FastMCP for Python (2.11 to 2.14) that this server does not have: what each provider
 * of FastMCP reads from the environment, and what to set here in its place.
 */
import { prefix } from '../variables/variable.ts';

/** Names with the same meaning as one of ours, without the prefix. */
export const aliases: Readonly<Record<string, string>> = {
  INTROSPECTION_INTROSPECTION_URL: 'INTROSPECTION_URL',
  INTROSPECTION_TIMEOUT_SECONDS: 'INTROSPECTION_TIMEOUT',
};

/** A class that `FASTMCP_SERVER_AUTH` can name. */
export interface OriginalProvider {
  readonly className: string;
  /** How its variables begin, behind the prefix. */
  readonly beginning: string;
  /** What to do in place of using it. */
  readonly cure: string;
  /** What to do about single variables, where the cure does not say it. */
  readonly members: Readonly<Record<string, string>>;
}

/** Those that work here under the same variables, and the type that each stands for. */
export const originalTypes: Readonly<Record<string, 'jwt' | 'introspection' | 'static'>> = {
  JWTVerifier: 'jwt',
  JWT: 'jwt',
  INTROSPECTION: 'introspection',
  STATIC: 'static',
  IntrospectionTokenVerifier: 'introspection',
  StaticTokenVerifier: 'static',
};

const set = (suffix: string): string => `Set ${prefix}${suffix}`;
const instead = (suffix: string): string => `${set(suffix)} in its place`;
const jwt = `${set('TYPE')}=jwt`;
const preset = (name: string): string => `${jwt}, ${prefix}JWT_PROVIDER=${name}`;
const signIn = 'Remove it: clients sign in at the identity provider, and not through this server';
const resource = `${set('RESOURCE_URL')} to the whole public URL of the MCP endpoint in its place: this URL and the path, which is /mcp unless you changed it`;

/** What several providers have in common. */
export const commonMembers: Readonly<Record<string, string>> = {
  ADDITIONAL_AUTHORIZE_SCOPES: signIn,
  ALLOWED_CLIENT_REDIRECT_URIS: signIn,
  AUDIENCE: instead('JWT_AUDIENCE'),
  BASE_URL: resource,
  CLIENT_SECRET: 'Remove it: Sallyport verifies tokens, which needs no client secret',
  ISSUER_URL: signIn,
  JWT_SIGNING_KEY: signIn,
  MCP_URL: `${set('RESOURCE_URL')} to the same URL in its place`,
  REDIRECT_PATH: signIn,
  REQUIRED_SCOPES: instead('JWT_REQUIRED_SCOPES'),
  TIMEOUT_SECONDS: 'Remove it: Sallyport verifies tokens without asking the provider each time',
};

/** What a server can have beside the variables of its verifier. */
export const verifierMembers: Readonly<Record<string, string>> = {
  BASE_URL: resource,
  JWT_BASE_URL: resource,
  INTROSPECTION_BASE_URL: resource,
  JWT_SECRET: instead('JWT_PUBLIC_KEY'),
  JWT_SECRET_KEY: instead('JWT_PUBLIC_KEY'),
  REMOTEAUTHPROVIDER_AUTHORIZATION_SERVERS: instead('AUTHORIZATION_SERVERS'),
  REMOTEAUTHPROVIDER_BASE_URL: resource,
  RESOURCE_BASE_URL: resource,
  RESOURCE_SERVER_URL: `${set('RESOURCE_URL')} to the same URL in its place`,
};

const opaque = (name: string): string =>
  `Sallyport cannot verify tokens of ${name}: they are opaque, and ${name} has no endpoint for RFC 7662. Use an identity provider that issues JWTs, such as Auth0, Keycloak or WorkOS, and let people sign in with ${name} there`;
const workosCure = `${preset('workos')}, ${prefix}JWT_TENANT to the host of the AuthKit domain, and ${prefix}JWT_AUDIENCE to the aud of your tokens`;

export const originalProviders: readonly OriginalProvider[] = [
  {
    className: 'Auth0Provider',
    beginning: 'AUTH0_',
    cure: `${preset('auth0')}, ${prefix}JWT_TENANT to the domain, such as acme.eu.auth0.com, and ${prefix}JWT_AUDIENCE to the identifier of the API`,
    members: {
      CLIENT_ID: signIn,
      CONFIG_URL: `${instead('JWT_TENANT')}, to its host, beside ${prefix}JWT_PROVIDER=auth0`,
      DOMAIN: `${instead('JWT_TENANT')}, beside ${prefix}JWT_PROVIDER=auth0`,
    },
  },
  {
    className: 'AWSCognitoProvider',
    beginning: 'AWS_COGNITO_',
    cure: `${preset('cognito')}, ${prefix}JWT_TENANT to the id of the user pool, and ${prefix}JWT_CLIENT_IDS to the clients`,
    members: {
      AWS_REGION: 'Remove it: the id of the user pool begins with the region',
      CLIENT_ID: instead('JWT_CLIENT_IDS'),
      DOMAIN_PREFIX: signIn,
      USER_POOL_ID: `${instead('JWT_TENANT')}, beside ${prefix}JWT_PROVIDER=cognito`,
    },
  },
  {
    className: 'AzureProvider',
    beginning: 'AZURE_',
    cure: `${preset('entra')}, ${prefix}JWT_TENANT to the GUID of the tenant, and ${prefix}JWT_AUDIENCE to the client id of the API`,
    members: {
      BASE_AUTHORITY: 'Remove it: Sallyport knows the public cloud of Entra only',
      CLIENT_ID: instead('JWT_AUDIENCE'),
      IDENTIFIER_URI: instead('JWT_AUDIENCE'),
      TENANT_ID: `${instead('JWT_TENANT')}, beside ${prefix}JWT_PROVIDER=entra`,
    },
  },
  {
    className: 'ClerkProvider',
    beginning: 'CLERK_',
    cure: `${preset('clerk')}, ${prefix}JWT_TENANT to the domain, such as clerk.acme.com, and ${prefix}JWT_AUDIENCE to the aud of your tokens`,
    members: {
      CLIENT_ID: instead('JWT_CLIENT_IDS'),
      DOMAIN: `${instead('JWT_TENANT')}, beside ${prefix}JWT_PROVIDER=clerk`,
    },
  },
  {
    className: 'DescopeProvider',
    beginning: 'DESCOPEPROVIDER_',
    cure: `${preset('descope')}, ${prefix}JWT_TENANT to the id of the project, and ${prefix}JWT_AUDIENCE to the aud of your tokens`,
    members: {
      CONFIG_URL: `${instead('JWT_TENANT')}, to the id of the project, beside ${prefix}JWT_PROVIDER=descope`,
      DESCOPE_BASE_URL: 'Remove it: the preset knows the address',
      PROJECT_ID: `${instead('JWT_TENANT')}, beside ${prefix}JWT_PROVIDER=descope`,
    },
  },
  {
    className: 'DiscordProvider',
    beginning: 'DISCORD_',
    cure: opaque('Discord'),
    members: {},
  },
  { className: 'GitHubProvider', beginning: 'GITHUB_', cure: opaque('GitHub'), members: {} },
  {
    className: 'GoogleProvider',
    beginning: 'GOOGLE_',
    cure: `${preset('google')}, and ${prefix}JWT_AUDIENCE to the client id. Sallyport takes Google's ID tokens, because its access tokens are opaque`,
    members: {
      CLIENT_ID: `${instead('JWT_AUDIENCE')}, beside ${prefix}JWT_PROVIDER=google`,
      REQUIRED_SCOPES: 'Remove it: Sallyport takes the ID tokens of Google, which have no scopes',
    },
  },
  {
    className: 'KeycloakAuthProvider',
    beginning: 'KEYCLOAK_',
    cure: `${preset('keycloak')}, ${prefix}JWT_TENANT to the issuer, such as https://sso.acme.com/realms/acme, and ${prefix}JWT_AUDIENCE to the aud of your tokens`,
    members: { REALM_URL: `${instead('JWT_TENANT')}, beside ${prefix}JWT_PROVIDER=keycloak` },
  },
  {
    className: 'OCIProvider',
    beginning: 'OCI_',
    cure: `${jwt}, and ${prefix}JWT_ISSUER, ${prefix}JWT_JWKS_URI and ${prefix}JWT_AUDIENCE to issuer and jwks_uri of the identity domain's openid-configuration and to the aud of your tokens`,
    members: {
      CLIENT_ID: signIn,
      CONFIG_URL: `${set('JWT_ISSUER')} and ${prefix}JWT_JWKS_URI in its place: issuer and jwks_uri of the document at this URL`,
      IAM_GUID: signIn,
    },
  },
  {
    className: 'ScalekitProvider',
    beginning: 'SCALEKITPROVIDER_',
    cure: `${jwt}, ${prefix}JWT_ISSUER to the environment's URL, ${prefix}JWT_JWKS_URI to that URL and /keys, and ${prefix}JWT_AUDIENCE to the aud of your tokens`,
    members: {
      ENVIRONMENT_URL: `${set('JWT_ISSUER')} to the same URL in its place, and ${prefix}JWT_JWKS_URI to that URL and /keys`,
      RESOURCE_ID: instead('JWT_AUDIENCE'),
    },
  },
  {
    className: 'SupabaseProvider',
    beginning: 'SUPABASE_',
    cure: `${preset('supabase')}, ${prefix}JWT_TENANT to the reference of the project, and ${prefix}JWT_CLIENT_IDS to the clients`,
    members: {
      ALGORITHM: instead('JWT_ALGORITHM'),
      AUTH_ROUTE: 'Remove it: the preset knows the route',
      PROJECT_URL: `${instead('JWT_TENANT')}, to the first part of its host, beside ${prefix}JWT_PROVIDER=supabase`,
    },
  },
  {
    className: 'AuthKitProvider',
    beginning: 'AUTHKITPROVIDER_',
    cure: workosCure,
    members: {
      AUTHKIT_DOMAIN: `${instead('JWT_TENANT')}, to its host, beside ${prefix}JWT_PROVIDER=workos`,
    },
  },
  {
    className: 'WorkOSProvider',
    beginning: 'WORKOS_',
    cure: workosCure,
    members: {
      AUTHKIT_DOMAIN: `${instead('JWT_TENANT')}, to its host, beside ${prefix}JWT_PROVIDER=workos`,
      CLIENT_ID: instead('JWT_CLIENT_IDS'),
    },
  },
];

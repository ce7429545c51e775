/** Twelve configurations that people have, each of which boots. */
import { generateKeyPairSync } from 'node:crypto';

const prefix = 'FASTMCP_SERVER_AUTH_';
const tenant = '8f2c1d5e-3b7a-4c9d-8e6f-1a2b3c4d5e6f';
const pem = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .publicKey.export({ type: 'spki', format: 'pem' })
  .toString()
  .trim();

/** Random, and nowhere else: nothing may show them. */
export const canaries: readonly string[] = [
  'Jx4mQ0vT9sLr2WbN7cYhKd6fGpZa1EuX8oRiVt3M',
  'q8Zt1-LmV5xR_c3Nw9JdKs0PyB7hTgUe',
  'k7Yw2Rn5Xb8Vq1Mz4Lc9Gt6Hs3Jd0Pf',
];
const [hmacKey = '', clientSecret = '', staticToken = ''] = canaries;

/** A configuration by what it is for. */
export const goodConfigurations: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'Google ID tokens': {
    ...jwt({
      ISSUER: 'https://accounts.google.com',
      AUDIENCE: '738495021846-notes.apps.googleusercontent.com',
      JWKS_URI: 'https://www.googleapis.com/oauth2/v3/certs',
      TENANT: 'acme-corp.dev',
    }),
    [`${prefix}RESOURCE_URL`]: 'https://notes.acme-corp.dev/mcp',
    [`${prefix}TOOL_SCOPES`]: '{}',
  },
  'Entra ID': {
    ...jwt({
      ISSUER: `https://login.microsoftonline.com/${tenant}/v2.0`,
      AUDIENCE: 'api://5d4c3b2a-1f0e-4d9c-8b7a-6f5e4d3c2b1a',
      JWKS_URI: `https://login.microsoftonline.com/${tenant}/discovery/v2.0/keys`,
      ALGORITHM: 'RS256',
      REQUIRED_SCOPES: 'Notes.Read',
    }),
    [`${prefix}RESOURCE_URL`]: 'https://notes.acme-corp.dev/mcp',
  },
  'introspection at Okta': {
    ENVIRONMENT: 'production',
    [`${prefix}TYPE`]: 'introspection',
    [`${prefix}INTROSPECTION_URL`]: 'https://acme-corp.okta.com/oauth2/v1/introspect',
    [`${prefix}INTROSPECTION_CLIENT_ID`]: '0oa8notes',
    [`${prefix}INTROSPECTION_CLIENT_SECRET`]: clientSecret,
    [`${prefix}INTROSPECTION_AUDIENCE`]: 'api://notes',
    [`${prefix}INTROSPECTION_REQUIRED_SCOPES`]: 'read:data,write:data',
    [`${prefix}INTROSPECTION_TIMEOUT`]: '5',
    [`${prefix}RESOURCE_URL`]: 'https://notes.acme-corp.dev/mcp',
  },
  'a shared key for internal services': {
    ...jwt({
      ISSUER: 'https://internal-auth.acme-corp.dev',
      AUDIENCE: 'internal-notes-service',
      PUBLIC_KEY: hmacKey,
      ALGORITHM: 'HS256',
    }),
    [`${prefix}RESOURCE_URL`]: 'https://notes.acme-corp.dev/mcp',
  },
  'a real provider, in development': {
    ...jwt({
      ISSUER: 'https://accounts.google.com',
      AUDIENCE: '738495021846-notes.apps.googleusercontent.com',
      JWKS_URI: 'https://www.googleapis.com/oauth2/v3/certs',
      ALGORITHM: 'RS256',
    }),
    ENVIRONMENT: 'development',
    [`${prefix}SECRET_BACKEND`]: 'env',
    PORT: '8000',
  },
  'a public key as PEM': jwt({
    ISSUER: 'https://id.acme-corp.dev',
    AUDIENCE: 'https://notes.acme-corp.dev/mcp',
    PUBLIC_KEY: pem,
    REQUIRED_SCOPES: '["read:data"]',
    CLOCK_SKEW: '30',
  }),
  'a preset with a tenant': {
    ...jwt({
      PROVIDER: 'auth0',
      TENANT: 'acme-corp.eu.auth0.com',
      AUDIENCE: 'https://notes.acme-corp.dev/mcp',
    }),
  },
  'a preset whose clients stand in for the audience': {
    ...jwt({
      PROVIDER: 'cognito',
      TENANT: 'eu-central-1_AbCdEfGhI',
      CLIENT_IDS: '3n4b5urk1ft4fl3mg5e62d9ado',
    }),
    [`${prefix}RESOURCE_URL`]: 'https://notes.acme-corp.dev/mcp',
  },
  'fixed tokens, in development': {
    ENVIRONMENT: 'development',
    [`${prefix}TYPE`]: 'static',
    [`${prefix}STATIC_TOKENS`]: `{"${staticToken}": {"client_id": "me", "scopes": ["read:data"]}}`,
    DANGEROUSLY_OMIT_AUTH: 'false',
  },
  'on Cloud Run, with everything': {
    ...jwt({
      ISSUER: 'https://id.acme-corp.dev/realms/acme',
      AUDIENCE: 'https://notes.acme-corp.dev/mcp',
      JWKS_URI: 'https://id.acme-corp.dev/realms/acme/keys',
      ALGORITHM: 'ES256',
      REQUIRED_SCOPES: 'read:data',
      JWKS_CACHE_TTL: '600',
    }),
    K_SERVICE: 'notes',
    PORT: '8080',
    [`${prefix}TRUSTED_PROXY_HOPS`]: '1',
    [`${prefix}RESOURCE_URL`]: 'https://notes.acme-corp.dev/mcp',
    [`${prefix}AUTHORIZATION_SERVERS`]: 'https://id.acme-corp.dev/realms/acme',
    [`${prefix}TOOL_SCOPES`]: '{"read_note": ["read:data"], "write_note": ["write:data"]}',
    [`${prefix}SCOPE_HIERARCHY`]: '{"write:data": ["read:data"]}',
    [`${prefix}RATE_LIMIT_ENABLED`]: 'true',
    [`${prefix}RATE_LIMIT_MAX_ATTEMPTS`]: '20',
    [`${prefix}RATE_LIMIT_WINDOW_SECONDS`]: '120',
    [`${prefix}QUOTA_CALLS`]: '300',
    [`${prefix}QUOTA_WINDOW_SECONDS`]: '90',
    [`${prefix}QUOTA_TOOLS`]: '{"write_note": {"calls": 20, "windowSeconds": 3600}}',
  },
  'Keycloak by its preset': {
    ...jwt({
      PROVIDER: 'keycloak',
      TENANT: 'https://sso.acme-corp.dev/realms/acme',
      AUDIENCE: 'https://notes.acme-corp.dev/mcp',
      CLIENT_IDS: 'notes-desktop notes-web',
      ALGORITHM: 'ES256',
    }),
  },
  'nobody is asked, in development': {
    ENVIRONMENT: 'development',
    [`${prefix}TYPE`]: 'none',
    DANGEROUSLY_OMIT_AUTH: 'true',
  },
};

function jwt(settings: Readonly<Record<string, string>>): Record<string, string> {
  return {
    ENVIRONMENT: 'production',
    [`${prefix}TYPE`]: 'jwt',
    ...Object.fromEntries(
      Object.entries(settings).map(([name, value]) => [`${prefix}JWT_${name}`, value]),
    ),
  };
}

/**
 * The five scenarios of the quick start with the values that the page prints, placeholders included,
 * and with the newline that `echo` stores: everything that is wrong is told at one start.
 */
import { expect, it } from 'vitest';
import { loadConfig } from '../src/index.ts';

const P = 'FASTMCP_SERVER_AUTH_';

/** As `gcloud run deploy` sets them: those bound to a secret end with a newline. */
function deployed(
  type: string,
  bound: Readonly<Record<string, string>>,
  plain: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  return {
    K_SERVICE: 'your-service',
    ENVIRONMENT: 'production',
    [`${P}TYPE`]: type,
    [`${P}SECRET_BACKEND`]: 'gcp_secret_manager',
    GCP_PROJECT_ID: 'your-project-id',
    ...Object.fromEntries(Object.entries(bound).map(([name, text]) => [P + name, `${text}\n`])),
    ...Object.fromEntries(Object.entries(plain).map(([name, text]) => [P + name, text])),
  };
}

const scenarios: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '1, Google': deployed(
    'jwt',
    {
      JWT_ISSUER: 'https://accounts.google.com',
      JWT_AUDIENCE: 'your-mcp-server-id',
      JWT_JWKS_URI: 'https://www.googleapis.com/oauth2/v3/certs',
    },
    { JWT_ALGORITHM: 'RS256', JWT_REQUIRED_SCOPES: 'read:data' },
  ),
  '2, Microsoft Entra ID': deployed(
    'jwt',
    {
      JWT_ISSUER: 'https://login.microsoftonline.com/{tenant-id}/v2.0',
      JWT_AUDIENCE: 'api://{client-id}',
      JWT_JWKS_URI: 'https://login.microsoftonline.com/{tenant-id}/discovery/v2.0/keys',
    },
    { JWT_ALGORITHM: 'RS256' },
  ),
  '3, introspection at Auth0': deployed(
    'introspection',
    {
      INTROSPECTION_URL: 'https://{your-domain}.auth0.com/oauth/token/introspection',
      INTROSPECTION_CLIENT_ID: '{your-client-id}',
      INTROSPECTION_CLIENT_SECRET: '{your-client-secret}',
    },
    { INTROSPECTION_REQUIRED_SCOPES: 'read:data', INTROSPECTION_TIMEOUT: '10' },
  ),
  '4, a shared key': deployed(
    'jwt',
    {
      JWT_PUBLIC_KEY: 'a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6q7r8s9t0u1v2w3x4y5z6',
      JWT_ISSUER: 'https://internal-auth.example.com',
      JWT_AUDIENCE: 'internal-mcp-service',
    },
    { JWT_ALGORITHM: 'HS256' },
  ),
  '5, your own machine': {
    ENVIRONMENT: 'development',
    [`${P}TYPE`]: 'jwt',
    [`${P}SECRET_BACKEND`]: 'env',
    [`${P}JWT_JWKS_URI`]: 'https://www.googleapis.com/oauth2/v3/certs',
    [`${P}JWT_ISSUER`]: 'https://accounts.google.com',
    [`${P}JWT_AUDIENCE`]: 'your-client-id',
    [`${P}JWT_ALGORITHM`]: 'RS256',
  },
};

async function told(variables: Readonly<Record<string, string>>): Promise<readonly string[]> {
  try {
    await loadConfig(variables, { nodeArguments: [] });
    return [];
  } catch (error) {
    return (error as AggregateError).errors.map(({ message }) => message.replace(P, ''));
  }
}

const placeholder = 'looks like a placeholder';
const deployment = [
  ['GCP_PROJECT_ID', placeholder],
  ['RESOURCE_URL', 'is missing'],
  ['TRUSTED_PROXY_HOPS', "is missing. Set it to 1 for Cloud Run's own address"],
] as const;

it.each<[string, readonly (readonly [string, string])[]]>([
  [
    '1, Google',
    [
      ...deployment,
      ['JWT_AUDIENCE', placeholder],
      ['JWT_REQUIRED_SCOPES', 'asks for scopes, and the ID tokens of this issuer have none'],
    ],
  ],
  [
    '2, Microsoft Entra ID',
    [
      ...deployment,
      ['JWT_ISSUER', placeholder],
      ['JWT_AUDIENCE', placeholder],
      ['JWT_JWKS_URI', placeholder],
    ],
  ],
  [
    '3, introspection at Auth0',
    [
      ...deployment,
      ['INTROSPECTION_URL', 'leads nowhere: Auth0 has no introspection endpoint'],
      ['INTROSPECTION_CLIENT_ID', placeholder],
      ['INTROSPECTION_CLIENT_SECRET', placeholder],
    ],
  ],
  [
    '4, a shared key',
    [
      ...deployment,
      ['JWT_ISSUER', 'is an address of documentation'],
      ['JWT_PUBLIC_KEY', 'the HMAC secret is published as an example'],
    ],
  ],
  ['5, your own machine', [['JWT_AUDIENCE', placeholder]]],
])(
  'CASE-42: scenario %s tells every placeholder at one start, and no other problem',
  async (name, expected) => {
    const lines = [...(await told(scenarios[name] ?? {}))].sort();

    expect(lines).toEqual(
      expected
        .map(([variable, problem]) => `${variable}: ${problem}`)
        .sort()
        .map((line) => expect.stringContaining(line)),
    );
  },
);

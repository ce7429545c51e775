/** Environments of FastMCP for Python: what each variable becomes here. */
import { describe, expect, it } from 'vitest';
import { writeStartUpReport } from '../src/index.ts';
import { load, opaque, problemsOf } from './set-up.ts';

const P = 'FASTMCP_SERVER_AUTH';
const classes = 'fastmcp.server.auth.providers';

/** Settings of FastMCP 2.14.5, by the prefix of their provider. */
const proxied = ['CLIENT_ID', 'CLIENT_SECRET', 'BASE_URL', 'ISSUER_URL', 'REDIRECT_PATH'];
const more = ['REQUIRED_SCOPES', 'ALLOWED_CLIENT_REDIRECT_URIS', 'JWT_SIGNING_KEY'];
const settings: Readonly<Record<string, readonly string[]>> = {
  AUTH0: ['CONFIG_URL', 'AUDIENCE', ...proxied, ...more],
  AUTHKITPROVIDER: ['AUTHKIT_DOMAIN', 'BASE_URL', 'REQUIRED_SCOPES'],
  AWS_COGNITO: ['USER_POOL_ID', 'AWS_REGION', ...proxied, ...more],
  AZURE: ['TENANT_ID', 'IDENTIFIER_URI', 'ADDITIONAL_AUTHORIZE_SCOPES', ...proxied, ...more],
  DESCOPEPROVIDER: ['CONFIG_URL', 'PROJECT_ID', 'DESCOPE_BASE_URL', 'BASE_URL', 'REQUIRED_SCOPES'],
  DISCORD: ['TIMEOUT_SECONDS', ...proxied, ...more],
  GITHUB: ['TIMEOUT_SECONDS', ...proxied, ...more],
  GOOGLE: ['TIMEOUT_SECONDS', ...proxied, ...more],
  INTROSPECTION: ['BASE_URL'],
  JWT: ['BASE_URL'],
  OCI: ['CONFIG_URL', 'AUDIENCE', 'IAM_GUID', ...proxied, ...more],
  SCALEKITPROVIDER: ['ENVIRONMENT_URL', 'RESOURCE_ID', 'BASE_URL', 'MCP_URL', 'REQUIRED_SCOPES'],
  SUPABASE: ['PROJECT_URL', 'BASE_URL', 'AUTH_ROUTE', 'ALGORITHM', 'REQUIRED_SCOPES'],
  WORKOS: ['AUTHKIT_DOMAIN', 'TIMEOUT_SECONDS', ...proxied, ...more],
};
const names = Object.entries(settings).flatMap(([provider, members]) =>
  members.map((member) => `${P}_${provider}_${member}`),
);

describe('a variable of one of FastMCP’s providers', () => {
  it.each(names)('CASE-40: %s is explained, and no name is guessed', async (name) => {
    const [problem, ...others] = await problemsOf({ [name]: 'https://notes.acme-corp.dev' });

    expect(others).toEqual([]);
    expect(problem).toContain(`${name.replace(/^FASTMCP_SERVER_AUTH_/, '')}: belongs to`);
    expect(problem).toMatch(/Set FASTMCP_SERVER_AUTH_|Remove it|Sallyport cannot verify tokens/);
    expect(problem).not.toContain('Did you mean');
  });

  it.each(['BASE_URL', 'RESOURCE_BASE_URL', 'RESOURCE_SERVER_URL'])(
    'CASE-40: %s is that of a verifier, and stands for the resource',
    async (name) => {
      const [problem, ...others] = await problemsOf({
        [`${P}_${name}`]: 'https://notes.acme-corp.dev',
      });

      expect(others).toEqual([]);
      expect(problem).toContain(`Set ${P}_RESOURCE_URL to`);
    },
  );

  it('CASE-40: may be blank, which is the same as not set', async () => {
    expect(await problemsOf(Object.fromEntries(names.map((name) => [name, ' '])))).toEqual([]);
  });
});

describe('the class that FASTMCP_SERVER_AUTH names', () => {
  it.each([`${classes}.jwt.JWTVerifier`, 'JWT', 'jwt'])(
    'CASE-40: %s is the type jwt',
    async (text) => {
      const config = await load({ TYPE: undefined, [P]: text });

      expect(config.authentication.type).toBe('jwt');
      expect(writeStartUpReport(config)).toContain(
        `"value":"\\"jwt\\"","source":"environment","writtenAs":"${P}"`,
      );
      expect(await problemsOf({ [P]: text })).toEqual([]);
    },
  );

  it('CASE-40: is the type introspection, with FastMCP’s names of its variables', async () => {
    const { INTROSPECTION_URL: url, ...others } = opaque;
    const config = await load({
      ...others,
      TYPE: undefined,
      [P]: `${classes}.introspection.IntrospectionTokenVerifier`,
      [`${P}_INTROSPECTION_INTROSPECTION_URL`]: url,
      [`${P}_INTROSPECTION_TIMEOUT_SECONDS`]: '7',
    });

    expect(config.authentication).toMatchObject({ type: 'introspection', url, timeoutSeconds: 7 });
  });

  it('CASE-40: must not say something else than the variable that is ours', async () => {
    expect(await problemsOf({ ...opaque, [P]: `${classes}.jwt.JWTVerifier` })).toEqual([
      `${P}: is FastMCP's name for ${P}_TYPE, and differs from it. Remove it`,
    ]);
  });

  it('CASE-40: is named where its value cannot be used', async () => {
    const wrong = { [`${P}_INTROSPECTION_TIMEOUT_SECONDS`]: '61' };

    expect(await problemsOf({ ...opaque, ...wrong })).toEqual([
      `INTROSPECTION_TIMEOUT: must be a whole number from 1 to 60 (it holds "61", from ${P}_INTROSPECTION_TIMEOUT_SECONDS)`,
    ]);
  });

  it.each([
    ['auth0.Auth0Provider', 'JWT_PROVIDER=auth0'],
    ['aws.AWSCognitoProvider', 'JWT_PROVIDER=cognito'],
    ['azure.AzureProvider', 'JWT_PROVIDER=entra'],
    ['descope.DescopeProvider', 'JWT_PROVIDER=descope'],
    ['discord.DiscordProvider', 'cannot verify tokens of Discord'],
    ['github.GitHubProvider', 'cannot verify tokens of GitHub'],
    ['google.GoogleProvider', 'JWT_PROVIDER=google'],
    ['oci.OCIProvider', 'openid-configuration'],
    ['scalekit.ScalekitProvider', '/keys'],
    ['supabase.SupabaseProvider', 'JWT_PROVIDER=supabase'],
    ['workos.AuthKitProvider', 'JWT_PROVIDER=workos'],
    ['workos.WorkOSProvider', 'JWT_PROVIDER=workos'],
  ])('CASE-40: %s is not ignored, and no other problem is made of it', async (name, cure) => {
    const short = name.replace(/.*\.|(Auth)?Provider$/g, '').toLowerCase();
    for (const text of [`${classes}.${name}`, short]) {
      const wanted = text === 'authkit' || text.includes('.') ? cure : expect.anything();
      const problems = await problemsOf({ TYPE: undefined, [P]: text });

      expect(problems).toHaveLength(1);
      expect(problems[0]).toMatch(/^FASTMCP_SERVER_AUTH: names \w+ of FastMCP\. Remove it\./);
      if (typeof wanted === 'string') expect(problems[0]).toContain(wanted);
    }
  });

  it('CASE-40: may be a class of the author’s own, which does not run here', async () => {
    expect(await problemsOf({ TYPE: undefined, [P]: 'mycompany.auth.CustomAuthProvider' })).toEqual(
      [expect.stringMatching(/^FASTMCP_SERVER_AUTH: names a Python class.*to jwt for JWT access/)],
    );
  });
});

describe('a name that nothing is near to', () => {
  it.each([
    [`${P}_FOO`, 'Remove it'],
    [`${P}_SESSION_COOKIE_NAME`, 'Remove it'],
    [`${P}_ISSUER`, `Did you mean ${P}_JWT_ISSUER?`],
    [`${P}_AUDIENCE`, `Did you mean ${P}_JWT_AUDIENCE?`],
    [`${P}_JWKS_URI`, `Did you mean ${P}_JWT_JWKS_URI?`],
    [`${P}_JWT_SCOPES`, `Did you mean ${P}_JWT_REQUIRED_SCOPES?`],
  ])('CASE-40: %s gets no absurd suggestion', async (name, cure) => {
    expect(await problemsOf({ [name]: 'x' })).toEqual([expect.stringContaining(cure)]);
  });
});

/** As READMEs and compose files of public servers have them, with values of the same form. */
const publicServers: Readonly<
  Record<string, readonly [Record<string, string>, readonly RegExp[]]>
> = {
  'JWTVerifier behind Auth0': [
    {
      [P]: `${classes}.jwt.JWTVerifier`,
      AUTH0_DOMAIN: 'acme-notes.auth0.com',
      [`${P}_JWT_AUDIENCE`]: 'https://notes.onrender.com/mcp',
      [`${P}_JWT_ISSUER`]: 'https://acme-notes.auth0.com/',
      [`${P}_JWT_JWKS_URI`]: 'https://acme-notes.auth0.com/.well-known/jwks.json',
      [`${P}_JWT_ALGORITHM`]: 'RS256',
    },
    [],
  ],
  'JWTVerifier with quotation marks of a shell': [
    {
      [P]: `${classes}.jwt.JWTVerifier`,
      [`${P}_JWT_JWKS_URI`]: '"https://auth.acme-corp.dev/.well-known/jwks.json"',
      [`${P}_JWT_ISSUER`]: '"https://auth.acme-corp.dev"',
      [`${P}_JWT_AUDIENCE`]: '"mcp-production-api"',
      [`${P}_JWT_REQUIRED_SCOPES`]: 'read:data,write:data',
    },
    [
      /JWT_ISSUER: has quot/,
      /JWT_AUDIENCE: has quot/,
      /JWT_JWKS_URI: has quot/,
      /RESOURCE_URL: is missing/,
    ],
  ],
  'introspection under FastMCP’s names': [
    {
      [P]: `${classes}.introspection.IntrospectionTokenVerifier`,
      [`${P}_INTROSPECTION_INTROSPECTION_URL`]: 'https://issuer.acme-corp.dev/oauth/introspect',
      [`${P}_INTROSPECTION_CLIENT_ID`]: 'notes-mcp',
      [`${P}_INTROSPECTION_CLIENT_SECRET`]: 'q8Zt1LmV5xRc3Nw9JdKs0',
      [`${P}_INTROSPECTION_BASE_URL`]: 'https://notes.acme-corp.dev',
    },
    [/^INTROSPECTION_BASE_URL: .*RESOURCE_URL to the whole public URL/],
  ],
  'remote authorization servers': [
    {
      [P]: `${classes}.jwt.JWTVerifier`,
      [`${P}_JWT_ISSUER`]: 'https://id.acme-corp.dev',
      [`${P}_JWT_AUDIENCE`]: 'search',
      [`${P}_JWT_JWKS_URI`]: 'https://id.acme-corp.dev/jwks',
      [`${P}_REMOTEAUTHPROVIDER_AUTHORIZATION_SERVERS`]: 'https://id.acme-corp.dev',
      [`${P}_REMOTEAUTHPROVIDER_BASE_URL`]: 'https://search.acme-corp.dev',
    },
    [
      /REMOTEAUTHPROVIDER_AUTHORIZATION_SERVERS: .*AUTH_AUTHORIZATION_SERVERS/,
      /REMOTEAUTHPROVIDER_BASE_URL: .*RESOURCE_URL/,
    ],
  ],
  'Auth0 through FastMCP’s proxy': [
    {
      [P]: `${classes}.auth0.Auth0Provider`,
      [`${P}_AUTH0_CONFIG_URL`]: 'https://acme.eu.auth0.com/.well-known/openid-configuration',
      [`${P}_AUTH0_CLIENT_ID`]: 'tv2ObNgaZAWWhhycr7Bz1LU2mxlnsmsB',
      [`${P}_AUTH0_CLIENT_SECRET`]: 'q8Zt1LmV5xRc3Nw9JdKs0PyB7hTgUe',
      [`${P}_AUTH0_AUDIENCE`]: 'https://stash.acme-corp.dev',
      [`${P}_AUTH0_BASE_URL`]: 'https://stash.acme-corp.dev',
    },
    [
      /Auth0Provider/,
      /AUTH0_CONFIG_URL: .*JWT_TENANT/,
      /AUTH0_CLIENT_ID: .*Remove/,
      /AUTH0_CLIENT_SECRET: .*Remove/,
      /AUTH0_AUDIENCE: .*JWT_AUDIENCE/,
      /AUTH0_BASE_URL: .*RESOURCE_URL/,
    ],
  ],
  'Google through FastMCP’s proxy': [
    {
      [P]: `${classes}.google.GoogleProvider`,
      [`${P}_GOOGLE_CLIENT_ID`]: '123456789.apps.googleusercontent.com',
      [`${P}_GOOGLE_CLIENT_SECRET`]: 'GOCSPX-q8Zt1LmV5xRc3Nw9JdKs0',
      [`${P}_GOOGLE_BASE_URL`]: 'https://analytics.acme-corp.dev',
      [`${P}_GOOGLE_REQUIRED_SCOPES`]: 'openid,https://www.googleapis.com/auth/userinfo.email',
    },
    [
      /GoogleProvider/,
      /GOOGLE_CLIENT_ID: .*JWT_AUDIENCE/,
      /GOOGLE_CLIENT_SECRET/,
      /GOOGLE_BASE_URL/,
      /GOOGLE_REQUIRED_SCOPES: .*no scopes/,
    ],
  ],
  'GitHub in Docker Compose, with a variable left blank': [
    {
      [P]: `${classes}.github.GitHubProvider`,
      [`${P}_GITHUB_CLIENT_ID`]: 'Ov23liAbcDefGhiJkLmN',
      [`${P}_GITHUB_CLIENT_SECRET`]: 'q8Zt1LmV5xRc3Nw9JdKs0PyB7hTgUe',
      [`${P}_GITHUB_BASE_URL`]: 'https://mcp.acme-corp.dev',
      [`${P}_GITHUB_REQUIRED_SCOPES`]: '',
    },
    [
      /GitHubProvider/,
      /GITHUB_CLIENT_ID: .*cannot verify/,
      /GITHUB_CLIENT_SECRET: .*Remove/,
      /GITHUB_BASE_URL/,
    ],
  ],
  AuthKit: [
    {
      [P]: `${classes}.workos.AuthKitProvider`,
      [`${P}_AUTHKITPROVIDER_AUTHKIT_DOMAIN`]: 'https://acme.authkit.app',
      [`${P}_AUTHKITPROVIDER_BASE_URL`]: 'https://notes.acme-corp.dev',
    },
    [/AuthKitProvider/, /AUTHKIT_DOMAIN: .*JWT_TENANT/, /BASE_URL/],
  ],
  'Entra through FastMCP’s proxy, with our type': [
    {
      [`${P}_TYPE`]: 'jwt',
      [`${P}_AZURE_CLIENT_ID`]: '835f09b6-0f0f-40cc-85cb-f32c5829a149',
      [`${P}_AZURE_CLIENT_SECRET`]: 'abc8Q~q8Zt1LmV5xRc3Nw9JdKs0PyB7hTgUe',
      [`${P}_AZURE_TENANT_ID`]: '08541b6e-646d-43de-a0eb-834e6713d6d5',
      [`${P}_AZURE_BASE_URL`]: 'https://notes.acme-corp.dev',
    },
    [
      /AZURE_CLIENT_ID: .*JWT_AUDIENCE/,
      /AZURE_CLIENT_SECRET: .*Remove/,
      /AZURE_TENANT_ID: .*entra/,
      /AZURE_BASE_URL/,
    ],
  ],
  'a shared secret under a guessed name': [
    {
      FASTMCP_SERVER_ENABLE_AUTH: 'true',
      [`${P}_JWT_SECRET_KEY`]: 'q8Zt1LmV5xRc3Nw9JdKs0PyB7hTgUeq8Zt1LmV5x',
      [`${P}_JWT_ISSUER`]: 'https://id.acme-corp.dev',
    },
    [
      /JWT_SECRET_KEY: .*JWT_PUBLIC_KEY/,
      /^TYPE: is missing/,
      /^JWT_AUDIENCE: is missing/,
      /RESOURCE_URL: is missing/,
    ],
  ],
};

describe('the environment of a public server', () => {
  it.each(Object.entries(publicServers))(
    'CASE-40: %s: all sentences in one start, none invented',
    async (_what, [variables, expected]) => {
      const none = Object.fromEntries(
        ['TYPE', 'JWT_ISSUER', 'JWT_AUDIENCE', 'JWT_JWKS_URI', 'JWT_REQUIRED_SCOPES'].map(
          (name) => [name, undefined],
        ),
      );
      const problems = await problemsOf({ ...none, ...variables });

      expect(problems).toEqual(expected.map((pattern) => expect.stringMatching(pattern)));
      expect(problems.join()).not.toMatch(/q8Zt1LmV5x/);
    },
  );
});

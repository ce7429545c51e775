/** Every row of the table of secret backends, against a real directory, Vault or Secret Manager. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Secret } from '@sallyport/core';
import { startAwsSecretsManager } from '@sallyport/testing/aws-secrets-manager';
import { startSecretManager } from '@sallyport/testing/secret-manager';
import { startVault } from '@sallyport/testing/vault';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  type ConfigEvent,
  createGateFromConfig,
  type LoadConfigOptions,
  loadConfig,
} from '../src/index.ts';
import { secretBackends } from '../src/secrets/backends/all-backends.ts';
import { mintWithSecret } from './mint-with-secret.ts';
import { type Changes, hmacKey, load, problemsOf } from './set-up.ts';

const issuer = 'https://internal-auth.acme-corp.dev';
const stored = { 'jwt-issuer': issuer, 'jwt-audience': 'notes', 'jwt-public-key': hmacKey };
const secondKey = 'v8Lq2-Xn5Rt0Wc7Zb4Ym9Kd6Hf3Js1Gp8Ta5Qe2U';
const base: Changes = {
  // Vault listens on this machine, without TLS.
  ENVIRONMENT: 'development',
  JWT_ISSUER: undefined,
  JWT_AUDIENCE: undefined,
  JWT_JWKS_URI: undefined,
  JWT_REQUIRED_SCOPES: undefined,
  JWT_ALGORITHM: 'HS256',
  RESOURCE_URL: 'https://notes.acme-corp.dev/mcp',
  SECRET_CACHE_TTL: '1',
};

interface Store {
  readonly changes: Changes;
  readonly options?: LoadConfigOptions;
  put(name: string, value: string): unknown;
  /** The version that the report names after the first reading. */
  readonly version: unknown;
  /** How a value names the secret `jwt-issuer`. */
  readonly references: readonly string[];
}

const stores: Readonly<Record<string, () => Promise<Store>>> = {
  async gcp_secret_manager() {
    const server = await startSecretManager({ secrets: stored });
    onTestFinished(() => server.stop());
    return {
      changes: { GCP_PROJECT_ID: server.projectId },
      options: { gcpClientOptions: { ...server.clientOptions } },
      put: (name, value) => server.addVersion(name, value),
      version: '1',
      references: ['gcp-sm://jwt-issuer', 'gcp-sm://jwt-issuer@1', ' gcp-sm://jwt-issuer@latest\n'],
    };
  },

  async aws_secrets_manager() {
    const server = await startAwsSecretsManager({ secrets: stored });
    onTestFinished(() => server.stop());
    const { url: endpoint, credentials, region } = server;
    const version = server.put('jwt-issuer', issuer);
    return {
      changes: { AWS_REGION: region },
      options: { awsClientOptions: { endpoint, credentials } },
      put: server.put,
      version,
      references: ['aws-sm://jwt-issuer', `aws-sm://jwt-issuer@${version}`],
    };
  },

  async file() {
    const directory = await createFolder();
    const put = (name: string, value: string) => writeFile(join(directory, name), value);
    for (const [name, value] of Object.entries(stored)) await put(name, `${value}\n`);
    return {
      changes: { SECRET_DIRECTORY: directory },
      put,
      version: expect.any(String),
      references: ['file://jwt-issuer', ' file://jwt-issuer\n'],
    };
  },

  async vault() {
    const server = await startVault({ secrets: { 'mcp/auth': stored } });
    onTestFinished(() => server.stop());
    const tokenFile = join(await createFolder(), 'token');
    await writeFile(tokenFile, server.rootToken);
    return {
      changes: {
        VAULT_URL: server.url,
        VAULT_PATH: 'mcp/auth',
        VAULT_TOKEN_FILE: tokenFile,
      },
      put: (name, value) => server.put('mcp/auth', { ...stored, [name]: value }),
      version: '1',
      references: ['vault://mcp/auth#jwt-issuer', 'vault://mcp/auth#jwt-issuer@1'],
    };
  },
};

async function createFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'secrets-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

async function setUp(name: string) {
  const { changes, options = {}, ...store } = await (stores[name] as () => Promise<Store>)();
  const all = { ...base, SECRET_BACKEND: name, ...changes };
  return {
    ...store,
    load: (more: Changes = {}) => load({ ...all, ...more }, options),
    problemsOf: (more: Changes = {}) => problemsOf({ ...all, ...more }, options),
  };
}

const secretOf = (name: string) => (name === 'vault' ? 'mcp/auth#jwt-issuer' : 'jwt-issuer');

it('has a store for every row of the table', () => {
  expect(secretBackends.map(({ name }) => name).sort()).toEqual(Object.keys(stores).sort());
});

describe.each(secretBackends)('the backend $name', ({ name, scheme, variables, ...row }) => {
  it('is asked under the names of the page, and the report names secret and version', async () => {
    const { load: loadIt, version } = await setUp(name);
    const { authentication, settings, warnings } = await loadIt();

    expect(authentication).toMatchObject({ issuer, audience: 'notes', keys: { kind: 'hmac' } });
    const { origin } = { ...settings.find((setting) => setting.name.endsWith('JWT_ISSUER')) };
    expect(origin).toEqual({ source: name, secret: secretOf(name), version });
    expect(warnings).toEqual([]);
  });

  it('gives a new key to a running gate (SEC-13)', async () => {
    const { load: loadIt, put } = await setUp(name);
    const events: ConfigEvent[] = [];
    const { guard, close } = await createGateFromConfig(await loadIt(), {
      tools: {},
      audit: { emit: () => {} },
      onEvent: (event) => events.push(event),
    });
    onTestFinished(close);
    const token = await mintWithSecret({ iss: issuer, aud: 'notes' }, secondKey);
    const isAccepted = async () => {
      const { ok } = await guard.authenticate({
        authorization: [`Bearer ${token}`],
        tokenInQuery: false,
        clientKey: '203.0.113.7',
        signal: new AbortController().signal,
      });
      return ok;
    };
    expect(await isAccepted()).toBe(false);

    await put('jwt-public-key', secondKey);
    while (!events.some(({ type }) => type === 'secret_changed')) await sleep(20);
    expect(await isAccepted()).toBe(true);
  });

  it('is asked for the secret that a value names', async () => {
    const { load: loadIt, references } = await setUp(name);
    for (const reference of references) {
      const { authentication } = await loadIt({ JWT_ISSUER: reference });
      expect([reference, authentication]).toMatchObject([reference, { issuer }]);
    }
  });

  it('refuses a reference of another form, and falls back to nothing (SEC-18)', async () => {
    const { problemsOf: problems } = await setUp(name);
    const wrong = [
      `${scheme}://`,
      `${scheme}:jwt-issuer`,
      `${scheme}:/jwt-issuer`,
      `${scheme}:///jwt-issuer`,
      `${scheme.toUpperCase()}://jwt-issuer`,
      `${scheme}://../jwt-issuer`,
      `${scheme}://a/../jwt-issuer`,
      `${scheme}://jwt issuer`,
      `${scheme}://jwt-issuer?version=1`,
    ];
    for (const reference of wrong) {
      expect([reference, await problems({ JWT_ISSUER: reference })]).toEqual([
        reference,
        [expect.stringContaining(`JWT_ISSUER: must name a secret as ${row.referenceForm}`)],
      ]);
    }
  });

  it('refuses the references of every other backend', async () => {
    const { problemsOf: problems } = await setUp(name);
    for (const other of secretBackends.filter((backend) => backend.name !== name)) {
      expect(await problems({ JWT_ISSUER: `${other.scheme}://jwt-issuer` })).toEqual([
        `JWT_ISSUER: names a secret, and secrets are read from ${name}. Set FASTMCP_SERVER_AUTH_SECRET_BACKEND=${other.name}`,
      ]);
    }
  });

  it('says which secret is not there', async () => {
    const { problemsOf: problems } = await setUp(name);

    expect(await problems({ JWT_ISSUER: `${scheme}://no-such-secret` })).toEqual([
      'JWT_ISSUER: names the secret no-such-secret, which is not there',
    ]);
  });

  it('has to be said before a value can name a secret', async () => {
    expect(await problemsOf({ ...base, JWT_AUDIENCE: `${scheme}://audience` })).toContain(
      `JWT_AUDIENCE: names a secret, and nothing reads secrets. Set FASTMCP_SERVER_AUTH_SECRET_BACKEND=${name}`,
    );
  });

  it.each(['named', 'misspelt'])(
    'CASE-42: %s, says what its variables lack and no more',
    async (how) => {
      const written = how === 'named' ? name : `${name}x`;
      const problems = await problemsOf({ ...base, SECRET_BACKEND: written });

      const required = variables.filter(({ cure }) => cure !== '');
      expect(required).not.toEqual([]);
      expect(problems.map((problem) => problem.split(':')[0])).toEqual([
        ...(how === 'named' ? [] : ['SECRET_BACKEND']),
        ...required.map((variable) => variable.name.replace('FASTMCP_SERVER_AUTH_', '')),
      ]);
    },
  );

  it('warns of the variables of other backends, and leaves those of the platform alone', async () => {
    const { load: loadIt } = await setUp(name);
    const { warnings } = await loadIt({
      VAULT_NAMESPACE: 'team',
      GCP_PROJECT_ID: name === 'gcp_secret_manager' ? 'test-project' : 'acme-notes',
      ...(name === 'vault' && { VAULT_NAMESPACE: undefined, SECRET_DIRECTORY: '/run/secrets' }),
    });

    const [variable, backend] =
      name === 'vault' ? ['SECRET_DIRECTORY', 'file'] : ['VAULT_NAMESPACE', 'vault'];
    expect(warnings).toEqual([
      `FASTMCP_SERVER_AUTH_${variable}: has no effect. It is for FASTMCP_SERVER_AUTH_SECRET_BACKEND=${backend}, and that is ${name}`,
    ]);
  });
});

describe('the variables of Vault', () => {
  it('CASE-42: has all problems at one start, each once', async () => {
    const problems = await problemsOf({
      ...base,
      SECRET_BACKEND: 'vault',
      VAULT_URL: 'vault.acme.com',
      VAULT_MOUNT: '/secret/',
      VAULT_NAMESPACE: 'team/..',
      VAULT_PATH: 'mcp//auth',
      VAULT_ROLE: 'no tes',
      VAULT_TOKEN_FILE: 'run/token',
      VAULT_ALLOW_PRIVATE_NETWORK: 'yes',
    });

    expect(problems.map((problem) => problem.split(':')[0]).sort()).toEqual([
      'VAULT_ALLOW_PRIVATE_NETWORK',
      'VAULT_MOUNT',
      'VAULT_NAMESPACE',
      'VAULT_PATH',
      'VAULT_TOKEN_FILE',
      'VAULT_URL',
    ]);
  });

  const vault = { ...base, SECRET_BACKEND: 'vault', VAULT_ROLE: 'notes' };

  it.each([
    [
      { VAULT_URL: 'https://vault.acme.com', VAULT_TOKEN_FILE: '/run/token' },
      'VAULT_TOKEN_FILE: must not be set beside FASTMCP_SERVER_AUTH_VAULT_ROLE: one of the two',
    ],
    [{ VAULT_URL: 'http://vault.acme.com' }, 'VAULT_URL: must be'],
    [{ VAULT_URL: 'https://vault.acme.com/?x=1' }, 'VAULT_URL: must not have a query'],
    [
      { VAULT_URL: 'https://vault.example.com', ENVIRONMENT: 'production' },
      'VAULT_URL: is an address of documentation',
    ],
    [{ VAULT_URL: 'https://{vault-host}:8200' }, 'VAULT_URL: '],
    [{ VAULT_URL: 'https://vault.acme.com', VAULT_ROLE: '<role>' }, 'VAULT_ROLE: must be'],
    [
      { VAULT_URL: 'https://vault.acme.com', VAULT_ROLE: 'your-role' },
      'VAULT_ROLE: looks like a placeholder',
    ],
    [
      { VAULT_URL: 'https://vault.acme.com', VAULT_ROLE: '"notes"' },
      'VAULT_ROLE: has quotation marks',
    ],
  ])('%j has one problem', async (changes, problem) => {
    expect(await problemsOf({ ...vault, ...changes })).toEqual([expect.stringContaining(problem)]);
  });

  it('shows no token of the file, whatever the outcome (SEC-19)', async () => {
    const { problemsOf: problems } = await setUp('vault');
    const token = 'hvs.CAESIJlU9JMYEhOPYv4igdhm9PnZDrabYTobQ4Ymnlq1qY';
    const file = join(await createFolder(), 'token');
    await writeFile(file, token);
    const told = (await problems({ VAULT_TOKEN_FILE: file })).join('\n');

    expect(told).toContain('JWT_ISSUER: is missing');
    expect(told).not.toContain(token.slice(6, 20));
  });
});

it.each([
  [
    'there is none',
    (folder: string) => join(folder, 'secrts'),
    'must be a directory that can be read: ENOENT',
  ],
  ['it is a file', (folder: string) => join(folder, 'file'), 'must be a directory (it holds'],
  ['it is relative', () => 'run/secrets', 'must be an absolute path'],
])(
  'a secret directory stops the start where %s, and nothing else is said',
  async (_case, find, problem) => {
    const folder = await createFolder();
    await writeFile(join(folder, 'file'), 'x');

    expect(
      await problemsOf({ ...base, SECRET_BACKEND: 'file', SECRET_DIRECTORY: find(folder) }),
    ).toEqual([expect.stringContaining(`SECRET_DIRECTORY: ${problem}`)]);
  },
);

describe('a provider of the program itself', () => {
  const secrets = {
    name: 'one_password',
    async get(name: string) {
      const text = new Map(Object.entries({ 'notes/auth/issuer': issuer })).get(name);
      if (text === undefined) return { found: false } as const;
      return { found: true, secret: new Secret(text), version: '3' } as const;
    },
  };
  const changes = { ...base, JWT_AUDIENCE: 'notes', JWT_PUBLIC_KEY: hmacKey };

  it('has references of its own form', async () => {
    const options = { secrets, secretScheme: 'op' };
    const config = await load({ ...changes, JWT_ISSUER: 'op://notes/auth/issuer' }, options);
    expect(config.authentication).toMatchObject({ issuer });

    expect(await problemsOf({ ...changes, JWT_ISSUER: 'op://notes/auth' }, options)).toEqual([
      'JWT_ISSUER: names the secret notes/auth, which is not there',
    ]);
    expect(await problemsOf({ ...changes, JWT_ISSUER: 'op:notes/auth' }, options)).toEqual([
      expect.stringContaining('JWT_ISSUER: must name a secret as op://name'),
    ]);
  });

  it('keeps the references of a backend that it stands in for', async () => {
    const standIn = { ...secrets, name: 'vault' };
    const config = await load(
      { ...changes, JWT_ISSUER: 'vault://notes/auth/issuer' },
      { secrets: standIn },
    );
    expect(config.authentication).toMatchObject({ issuer });
  });

  it.each(['https', 'redis', 'OP', 'op:', ''])(
    'cannot have the scheme %j',
    async (secretScheme) => {
      await expect(loadConfig({}, { secrets, secretScheme })).rejects.toThrow(
        'config.secretScheme: must be',
      );
    },
  );

  it('has to be there for a scheme', async () => {
    await expect(loadConfig({}, { secretScheme: 'op' })).rejects.toThrow(
      'config.secretScheme: needs the option secrets',
    );
  });

  it('may have a grammar that the names of the page do not fit', async () => {
    const { createEnvSecrets } = await import('@sallyport/secrets-env');
    const { detectEnvironment } = await import('@sallyport/core');
    const config = await load(
      { ...changes, JWT_ISSUER: 'vars://ISSUER' },
      {
        secrets: createEnvSecrets({
          variables: { ISSUER: issuer },
          environment: detectEnvironment({ ENVIRONMENT: 'development' }),
        }),
        secretScheme: 'vars',
      },
    );
    expect(config.authentication).toMatchObject({ issuer, audience: 'notes' });
  });
});

/** Secrets of a configuration, from a Secret Manager over real gRPC. */
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type SecretManager,
  type SecretManagerOptions,
  startSecretManager,
} from '@sallyport/testing/secret-manager';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ConfigEvent, loadConfig, writeStartUpReport } from '../src/index.ts';
import { type Changes, hmacKey, load, problemsOf, withChanges } from './set-up.ts';

const none = {
  JWT_ISSUER: undefined,
  JWT_AUDIENCE: undefined,
  JWT_JWKS_URI: undefined,
  RESOURCE_URL: 'https://notes.acme-corp.dev/mcp',
};
const secrets = {
  'jwt-issuer': 'https://id.acme-corp.dev\n',
  'jwt-audience': 'notes-api',
  'jwt-jwks-uri': 'https://id.acme-corp.dev/jwks',
};

async function setUp(options: SecretManagerOptions = { secrets }) {
  const server = await startSecretManager(options);
  onTestFinished(() => server.stop());
  const events: ConfigEvent[] = [];
  const changes: Changes = {
    SECRET_BACKEND: 'gcp_secret_manager',
    GCP_PROJECT_ID: server.projectId,
    ...none,
  };
  const loadOptions = {
    gcpClientOptions: { ...server.clientOptions },
    onEvent: (event: ConfigEvent) => void events.push(event),
  };
  return {
    server,
    events,
    load: (more: Changes = {}) => load({ ...changes, ...more }, loadOptions),
    problemsOf: (more: Changes = {}) => problemsOf({ ...changes, ...more }, loadOptions),
  };
}

function origins(report: string): Record<string, unknown> {
  const lines = report
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  return Object.fromEntries(
    lines.map(({ variable, source, secret, version }) => [
      String(variable).replace('FASTMCP_SERVER_AUTH_', ''),
      secret === undefined ? source : `${source} ${secret} ${version}`,
    ]),
  );
}

describe('Secret Manager', () => {
  it('is asked under the names of the page, and the report says which version', async () => {
    const { load: loadIt, server } = await setUp();
    server.addVersion('jwt-audience', 'notes-api-2');
    const config = await loadIt();

    expect(config.authentication).toMatchObject({
      issuer: 'https://id.acme-corp.dev',
      audience: 'notes-api-2',
      keys: { kind: 'jwks', url: 'https://id.acme-corp.dev/jwks' },
    });
    expect(origins(writeStartUpReport(config))).toMatchObject({
      JWT_ISSUER: 'gcp_secret_manager jwt-issuer 1',
      JWT_AUDIENCE: 'gcp_secret_manager jwt-audience 2',
      JWT_CLOCK_SKEW: 'default',
      SECRET_BACKEND: 'environment',
    });
  });

  it('says once that it took a newline away (SEC-11)', async () => {
    const { load: loadIt, events } = await setUp();
    await loadIt();

    expect(events.filter(({ type }) => type === 'secret_trailing_newline')).toEqual([
      expect.objectContaining({ name: 'jwt-issuer' }),
    ]);
  });

  it('comes first, and what the environment has instead is warned of', async () => {
    const { load: loadIt } = await setUp();
    const config = await loadIt({
      JWT_ISSUER: 'https://id.acme-corp.dev',
      JWT_AUDIENCE: 'other-api',
    });

    expect(config.authentication).toMatchObject({ audience: 'notes-api' });
    expect(config.warnings).toEqual([
      expect.stringContaining('JWT_AUDIENCE: the secret jwt-audience is used, and not what'),
    ]);
  });

  it('is not asked for what the type of authentication does not need', async () => {
    const { load: loadIt, server } = await setUp();
    await loadIt();

    expect(server.accesses('jwt-public-key')).toBe(0);
    expect(server.accesses('introspection-url')).toBe(0);
    // The session secret is looked for, whatever the type is.
    expect(server.accesses('session-secret')).toBe(1);
    expect(server.accesses()).toBe(4);
  });

  it.each([
    ['is not there', (server: SecretManager) => server.deleteSecret('jwt-audience')],
    ['may not be read (SEC-01)', (server: SecretManager) => server.deny('jwt-audience')],
    [
      'cannot be read (SEC-04)',
      (server: SecretManager) =>
        server.fault({ kind: 'status', status: 'UNAVAILABLE' }, { secret: 'jwt-audience' }),
    ],
    ['is disabled (SEC-03)', (server: SecretManager) => server.disableVersion('jwt-audience')],
  ])('gives way to the environment when a secret %s', async (why, arrange) => {
    const { load: loadIt, server } = await setUp();
    arrange(server);
    const config = await loadIt({ JWT_AUDIENCE: 'notes-api' });

    expect(origins(writeStartUpReport(config))).toMatchObject({
      JWT_ISSUER: 'gcp_secret_manager jwt-issuer 1',
      JWT_AUDIENCE: 'environment',
    });
    const warned = expect.stringContaining('a new version will not reach this process');
    expect(config.warnings).toEqual(why === 'is not there' ? [] : [warned]);
  });

  it.each(['UNAVAILABLE', 'DEADLINE_EXCEEDED', 'INTERNAL', 'RESOURCE_EXHAUSTED'] as const)(
    'CASE-45: that answers %s at the start is an outage, and nothing is missing',
    async (status) => {
      const { server, events } = await setUp();
      server.fault({ kind: 'status', status });
      const error = await loadConfig(
        withChanges({
          ...none,
          RESOURCE_URL: undefined,
          SECRET_BACKEND: 'gcp_secret_manager',
          GCP_PROJECT_ID: server.projectId,
        }),
        {
          gcpClientOptions: { ...server.clientOptions },
          nodeArguments: [],
          onEvent: (event) => void events.push(event),
        },
      ).catch((thrown: AggregateError) => thrown);
      const errors = (error as AggregateError).errors as Error[];

      expect(errors.map(({ name, message }) => [name, message])).toEqual([
        [
          'Error',
          expect.stringMatching(
            /^gcp_secret_manager could not be asked for FASTMCP_SERVER_AUTH_JWT_ISSUER, .*Starting again may help/,
          ),
        ],
      ]);
    },
  );

  it.each([
    'PERMISSION_DENIED',
    'UNAUTHENTICATED',
    'INVALID_ARGUMENT',
    'FAILED_PRECONDITION',
  ] as const)(
    'CASE-45: that answers %s has to be set up, which starting again does not do',
    async (status) => {
      const { problemsOf: problems, server } = await setUp();
      server.fault({ kind: 'status', status }, { secret: 'jwt-issuer' });

      expect(await problems()).toEqual([
        expect.stringMatching(/^JWT_ISSUER: is missing\. .*could not be read/),
      ]);
    },
  );

  it('CASE-42: that cannot be opened says nothing about what it holds', async () => {
    const project = 'GCP_PROJECT_ID: looks like a placeholder';
    const { problemsOf: problems } = await setUp();

    expect(await problems({ GCP_PROJECT_ID: 'your-project-id', RESOURCE_URL: undefined })).toEqual([
      expect.stringContaining(project),
    ]);
    expect(
      await problems({
        GCP_PROJECT_ID: 'your-project-id',
        JWT_AUDIENCE: 'gcp-sm://audience',
        PORT: 'x',
      }),
    ).toEqual([expect.stringContaining(project), expect.stringContaining('PORT')]);
  });

  it('CASE-42: is asked although another variable is wrong', async () => {
    const { problemsOf: problems } = await setUp();

    expect(await problems({ PORT: 'x' })).toEqual([expect.stringContaining('PORT')]);
  });

  it('says which command allows it, where there is no other value (SEC-01)', async () => {
    const { problemsOf: problems, server } = await setUp();
    server.deny('jwt-audience');

    expect(await problems()).toEqual([
      expect.stringMatching(
        /^JWT_AUDIENCE: is missing\. .*gcloud secrets add-iam-policy-binding jwt-audience --project=test-project/,
      ),
    ]);
  });

  it('says what is missing (SEC-02)', async () => {
    const { problemsOf: problems, server, events } = await setUp();
    server.deleteSecret('jwt-issuer');

    expect(await problems()).toEqual([expect.stringContaining('JWT_ISSUER: is missing')]);
    expect(events).toContainEqual({ type: 'secret_not_found', name: 'jwt-issuer' });
  });

  it('holds what is judged as anything else', async () => {
    const { problemsOf: problems } = await setUp({
      secrets: {
        'jwt-issuer': ' https://id.acme-corp.dev',
        'jwt-audience': 'your-mcp-server-id',
        'jwt-jwks-uri': 'https://login.microsoftonline.com/{tenant-id}/discovery/v2.0/keys',
      },
    });

    expect(await problems()).toEqual([
      expect.stringContaining('JWT_ISSUER: has white space around it'),
      expect.stringContaining('JWT_AUDIENCE: looks like a placeholder'),
      expect.stringContaining('JWT_JWKS_URI: looks like a placeholder'),
    ]);
  });

  it.each(['jwt-public-key', 'hmac-secret-key'])(
    'CASE-47: may have the shared secret as %s, and no error is told of the other name',
    async (name) => {
      const { load: loadIt, events } = await setUp({
        secrets: {
          'jwt-issuer': 'https://a.acme-corp.dev',
          'jwt-audience': 'notes',
          [name]: hmacKey,
        },
      });
      const config = await loadIt({ JWT_ALGORITHM: 'HS256' });

      expect(config.authentication).toMatchObject({ keys: { kind: 'hmac' } });
      expect(config.settings.map(({ origin }) => origin.secret)).toContain(name);
      // The other name is not there, and need not be; nor is a session secret.
      expect(events.filter(({ type }) => type === 'secret_not_found')).toEqual([]);
      expect(writeStartUpReport(config)).not.toContain(hmacKey.slice(4, 16));
    },
  );

  it('CASE-47: reports no absent secret at a healthy start, and needs no session secret', async () => {
    const { load: loadIt, events, server } = await setUp();
    await loadIt();

    expect(server.accesses('session-secret')).toBe(1);
    expect(events.filter(({ type }) => type === 'secret_not_found')).toEqual([]);
  });

  it('CASE-47: reports nothing where only the secrets of the page are granted', async () => {
    const {
      load: loadIt,
      events,
      server,
    } = await setUp({
      secrets: {
        'jwt-issuer': 'https://a.acme-corp.dev',
        'jwt-audience': 'notes',
        'hmac-secret-key': hmacKey,
      },
    });
    // Without a grant, Secret Manager denies what is not there.
    for (const name of ['jwt-public-key', 'session-secret']) server.deny(name);
    await loadIt({ JWT_ALGORITHM: 'HS256' });

    expect(server.accesses('jwt-public-key')).toBe(1);
    expect(server.accesses('session-secret')).toBe(1);
    expect(events.map(({ type }) => type).filter((type) => type !== 'secret_loaded')).toEqual([]);
  });

  it('CASE-47: reports a denied secret that is needed, with the command that helps', async () => {
    const { problemsOf: problems, events, server } = await setUp();
    server.deny('jwt-issuer');

    expect(await problems()).toContainEqual(
      expect.stringContaining('JWT_ISSUER: is missing. Set it to what your tokens'),
    );
    expect(events).toContainEqual(
      expect.objectContaining({
        type: 'secret_access_denied',
        name: 'jwt-issuer',
        remedy: expect.stringContaining('gcloud secrets add-iam-policy-binding jwt-issuer'),
      }),
    );
  });

  it('CASE-47: reports no absent audience where the preset needs none', async () => {
    const { load: loadIt, events, server } = await setUp();
    server.deleteSecret('jwt-audience');
    await loadIt({
      JWT_PROVIDER: 'cognito',
      JWT_TENANT: 'eu-central-1_AbCdEfGhI',
      JWT_CLIENT_IDS: 'notes',
      RESOURCE_URL: 'https://notes.acme-corp.dev/mcp',
    });

    expect(server.accesses('jwt-audience')).toBe(1);
    expect(events.filter(({ type }) => type === 'secret_not_found')).toEqual([]);
  });

  it('may have a public key where it has no address of keys', async () => {
    const { problemsOf: problems } = await setUp({
      secrets: {
        'jwt-issuer': 'https://a.acme-corp.dev',
        'jwt-audience': 'n',
        'jwt-public-key': 'x',
      },
    });

    expect(await problems()).toEqual([
      expect.stringContaining('JWT_PUBLIC_KEY: must be a public key or certificate as PEM'),
    ]);
  });

  it('needs to be told its project', async () => {
    const { problemsOf: problems } = await setUp();

    expect(await problems({ GCP_PROJECT_ID: undefined })).toContainEqual(
      expect.stringContaining('GCP_PROJECT_ID: is missing'),
    );
    expect(await problems({ GCP_PROJECT_ID: 'A/b' })).toContainEqual(
      expect.stringContaining('GCP_PROJECT_ID: must be the id of a project'),
    );
  });
});

describe('a value that names its secret', () => {
  const named = {
    secrets: { ...secrets, 'notes-audience': 'notes-of-ours', 'notes-key': hmacKey },
  };

  it.each([
    ['gcp-sm://notes-audience', 'notes-of-ours'],
    ['gcp-sm://notes-audience@1', 'notes-of-ours'],
    ['gcp-sm://notes-audience@latest\n', 'another'],
  ])('%s is read', async (reference, audience) => {
    const { load: loadIt, server } = await setUp(named);
    server.addVersion('notes-audience', 'another');
    if (!reference.includes('@')) server.disableVersion('notes-audience', '1');
    const config = await loadIt({ JWT_AUDIENCE: reference });

    expect(config.authentication).toMatchObject({
      audience: reference.includes('@') ? audience : 'another',
    });
  });

  it.each([
    ['gcp-sm://', 'must name a secret as'],
    ['gcp-sm://a/../b', 'must name a secret as'],
    ['gcp-sm://notes-audience@zero', 'must name a secret as'],
    ['gcp-sm:notes-audience', 'must name a secret as'],
    ['gcp-sm://not-there', 'names the secret not-there, which is not there'],
    ['gcp-sm://notes-audience@7', 'names the secret notes-audience@7, which is not there'],
  ])('%s does not fall back to anything (SEC-18)', async (reference, problem) => {
    const { problemsOf: problems } = await setUp(named);

    expect(await problems({ JWT_AUDIENCE: reference })).toEqual([
      expect.stringContaining(`JWT_AUDIENCE: ${problem}`),
    ]);
  });

  it('and may not be read is refused with the command that helps (SEC-01)', async () => {
    const { problemsOf: problems, server } = await setUp(named);
    server.deny('notes-audience');

    expect(await problems({ JWT_AUDIENCE: 'gcp-sm://notes-audience' })).toEqual([
      expect.stringContaining('gcloud secrets add-iam-policy-binding notes-audience'),
    ]);
  });

  it('is no value where nothing reads secrets', async () => {
    expect(await problemsOf({ JWT_AUDIENCE: 'gcp-sm://notes-audience' })).toEqual([
      expect.stringContaining('JWT_AUDIENCE: names a secret, and nothing reads secrets'),
      expect.stringContaining('RESOURCE_URL: is missing'),
    ]);
  });
});

describe('secrets are read at once (SEC-20)', () => {
  const six = {
    'notes-url': 'https://id.acme-corp.dev/introspect',
    'notes-id': 'notes',
    'notes-secret': hmacKey,
    'notes-audience': 'notes-api',
    'notes-resource': 'https://notes.acme-corp.dev/mcp',
    'notes-redis': 'redis://:password@10.0.0.3:6379',
  };
  const changes = {
    TYPE: 'introspection',
    INTROSPECTION_URL: 'gcp-sm://notes-url',
    INTROSPECTION_CLIENT_ID: 'gcp-sm://notes-id',
    INTROSPECTION_CLIENT_SECRET: 'gcp-sm://notes-secret',
    INTROSPECTION_AUDIENCE: 'gcp-sm://notes-audience',
    RESOURCE_URL: 'gcp-sm://notes-resource',
    RATE_LIMIT_REDIS_URL: 'gcp-sm://notes-redis',
  };

  it.each([
    ['six secrets', six, changes, []],
    [
      'a secret with two names',
      {
        'jwt-issuer': 'https://id.acme-corp.dev',
        'jwt-audience': 'notes-api',
        'hmac-secret-key': hmacKey,
      },
      { JWT_ALGORITHM: 'HS256' },
      ['jwt-public-key'],
    ],
  ])('%s: no answer comes before all are asked for', async (_case, stored, more, others) => {
    // Below the ports that the system hands out: the server must find its port free again.
    const port = randomInt(10_000, 32_000);
    const { load: loadIt, server } = await setUp({ secrets: stored, port });
    const names = [...Object.keys(stored), ...others, 'session-secret'];
    const accesses = () => names.map((name) => server.accesses(name));
    server.fault({ kind: 'hang' });
    const loading = loadIt(more);
    await expect
      .poll(() => Math.min(...accesses()), { interval: 5, timeout: 30_000 })
      .toBeGreaterThan(0);
    // A secret that waits for another is asked for after all three attempts of the other.
    expect(Math.max(...accesses())).toBeLessThan(3);
    server.clearFaults();
    await server.pause();
    await server.resume();
    const config = await loading;

    expect(config.resource).toBe('https://notes.acme-corp.dev/mcp');
    expect(writeStartUpReport(config)).not.toContain('password');
  });

  it('are closed at once, whatever was under way (SEC-16)', async () => {
    const { load: loadIt, server } = await setUp({ secrets: six });
    const config = await loadIt(changes);
    server.fault({ kind: 'hang' });
    config.secrets?.watch?.('notes-secret', () => {});
    await sleep(20);
    const startedAt = performance.now();
    await config.secrets?.close?.();

    // A reading that hangs is given up after 3.3 seconds.
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  });
});

it('takes any other provider in the place of the backend', async () => {
  const asked: string[] = [];
  const { Secret } = await import('@sallyport/core');
  const config = await load(none, {
    secrets: {
      name: 'of-the-house',
      async get(name) {
        asked.push(name);
        const text = new Map(Object.entries(secrets)).get(name);
        if (text === undefined) return { found: false };
        return { found: true, secret: new Secret(text.trim()), version: 'today' };
      },
    },
  });

  expect(asked.sort()).toEqual([...Object.keys(secrets), 'session-secret'].sort());
  expect(origins(writeStartUpReport(config))).toMatchObject({
    JWT_ISSUER: 'of-the-house jwt-issuer today',
  });
});

it('closes the provider when the rest cannot be used', async () => {
  let closed = 0;
  const provider = {
    name: 'of-the-house',
    get: async () => ({ found: false }) as const,
    close: async () => {
      closed += 1;
    },
  };
  const problems = await problemsOf(none, { secrets: provider });

  expect(problems).not.toEqual([]);
  expect(closed).toBe(1);
});

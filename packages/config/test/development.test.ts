/** What is for development stays there (CFG-01 to CFG-04, CFG-11, CFG-15, CFG-18). */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadConfig, writeStartUpReport } from '../src/index.ts';
import { hmacKey, load, openGate, problemsOf, withChanges } from './set-up.ts';

const dev = { ENVIRONMENT: 'development' };

describe('the environment', () => {
  it('is production where nothing is said (CFG-01)', async () => {
    expect((await load({ ENVIRONMENT: undefined })).environment.isProduction).toBe(true);
  });

  it.each(['prod', 'prodution', 'staging', 'dev'])('cannot be %s (CFG-02)', async (name) => {
    expect(await problemsOf({ ENVIRONMENT: name })).toEqual([
      'ENVIRONMENT: must be one of production, development, test',
    ]);
  });

  it.each(['Production', ' PRODUCTION '])('can be written %s (CFG-02)', async (name) => {
    expect((await load({ ENVIRONMENT: name })).environment.name).toBe('production');
  });

  it.each([
    ['K_SERVICE', 'notes'],
    ['KUBERNETES_SERVICE_HOST', '10.0.0.1'],
    ['NODE_ENV', 'production'],
  ])('is production by %s whatever is said (CFG-03)', async (sign, value) => {
    const problems = await problemsOf({
      ...dev,
      TYPE: 'static',
      [sign]: value,
      TRUSTED_PROXY_HOPS: '1',
      RESOURCE_URL: 'https://notes.acme-corp.dev/mcp',
    });

    expect(problems).toEqual([expect.stringMatching(/^TYPE: is for development, .*according to/)]);
  });
});

describe('no authentication (CFG-04)', () => {
  const open = { ...dev, TYPE: 'none', DANGEROUSLY_OMIT_AUTH: 'true' };

  it('lets everybody in, at one’s own machine', async () => {
    const told: string[] = [];
    const config = await load(open);
    const { call } = await openGate(config, {}, ({ type }) => told.push(type));

    expect(config.host).toBe('127.0.0.1');
    expect(await call(undefined)).toBe(200);
    expect(told).toEqual(['authentication_omitted']);
  });

  it.each(['TRUE', '1', 'yes', 'True'])('is not meant by %s', async (value) => {
    expect(await problemsOf({ ...open, DANGEROUSLY_OMIT_AUTH: value })).toContainEqual(
      expect.stringContaining('DANGEROUSLY_OMIT_AUTH: must be true or false'),
    );
  });

  it('is not meant by false', async () => {
    expect(await problemsOf({ DANGEROUSLY_OMIT_AUTH: 'false' })).toEqual([]);
  });

  it.each([
    ['production', { ENVIRONMENT: 'production' }],
    ['a production platform', { K_SERVICE: 'notes', TRUSTED_PROXY_HOPS: '1' }],
  ])('does not exist in %s', async (_where, changes) => {
    expect(await problemsOf({ ...open, ...changes })).toEqual([
      expect.stringContaining('TYPE: is for development'),
      expect.stringContaining('DANGEROUSLY_OMIT_AUTH: must be false or absent in production'),
      expect.stringContaining('RESOURCE_URL: is missing'),
    ]);
  });

  it.each([
    [{ TYPE: 'jwt', DANGEROUSLY_OMIT_AUTH: 'true' }, 'DANGEROUSLY_OMIT_AUTH: has no effect'],
    [{ TYPE: 'none' }, 'TYPE: lets everybody in'],
  ])('takes both variables: not %o alone', async (changes, problem) => {
    expect(await problemsOf({ ...dev, ...changes })).toEqual([expect.stringContaining(problem)]);
  });

  it('refuses a denial list, which would deny nobody', async () => {
    expect(await problemsOf({ ...open, DENIAL_LIST: '/srv/denied.json' })).toEqual([
      expect.stringContaining('DENIAL_LIST: has no effect'),
    ]);
  });
});

describe('fixed tokens (CFG-11, CFG-12)', () => {
  const fixed = { ...dev, TYPE: 'static' };

  it('are those of the quick start where none are set', async () => {
    const { call } = await openGate(await load(fixed), { hello: ['read:data'] });

    expect(await call('dev-token-12345')).toBe(200);
    expect(await call('dev-token-12346')).toBe(401);
  });

  it('may be named', async () => {
    const text = `{"${hmacKey}": {"client_id": "me", "scopes": ["read:data"]}}`;
    const { call } = await openGate(await load({ ...fixed, STATIC_TOKENS: text }));

    expect(await call(hmacKey)).toBe(200);
    expect(await call('dev-token-12345')).toBe(401);
  });

  it('are never tried beside another type', async () => {
    const { call } = await openGate(await load({ ...dev }), { hello: [] });

    expect(await call('dev-token-12345')).toBe(401);
  });

  it.each([
    'x',
    '[]',
    '{}',
    `{"${hmacKey}": {}}`,
    `{"${hmacKey}": {"client_id": "me"}}`,
    `{"${hmacKey}": {"client_id": "me", "scopes": "read:data"}}`,
    `{"${hmacKey}": {"client_id": "me", "scopes": [], "scope": "admin"}}`,
    `{"__proto__": {"client_id": "me", "scopes": []}}`,
  ])('are not read from %j, and not shown (CFG-14)', async (text) => {
    const problems = await problemsOf({ ...fixed, STATIC_TOKENS: text });

    expect(problems).toEqual([expect.stringMatching(/^STATIC_TOKENS: .*it holds \[redacted\]/)]);
    expect(problems.join()).not.toContain(hmacKey);
  });
});

describe('switches of Node (CFG-15, INT-23)', () => {
  it.each([
    ['NODE_TLS_REJECT_UNAUTHORIZED', '0'],
    ['NODE_OPTIONS', '--insecure-http-parser'],
    ['NODE_OPTIONS', '--max-old-space-size=200 --inspect=0.0.0.0:9229'],
    ['NODE_OPTIONS', '--inspect-brk'],
  ])('%s=%s does not start in production', async (name, value) => {
    expect(await problemsOf({ [name]: value })).toEqual([
      expect.stringContaining(`${name}: must not`),
    ]);
    expect(await problemsOf({ ...dev, [name]: value })).toEqual([]);
  });

  it.each(['--inspect', '--insecure-http-parser'])('nor does node %s', async (argument) => {
    expect(await problemsOf({}, { nodeArguments: [argument] })).toHaveLength(1);
  });

  it('leaves others alone', async () => {
    expect(
      await problemsOf({
        NODE_OPTIONS:
          '--inspect-publish-uid=http --enable-source-maps --no-insecure-http-parser --no-inspect',
      }),
    ).toEqual([]);
  });
});

function envFile(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'config-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, '.env'), text);
  return join(folder, '.env');
}

describe('a .env file', () => {
  it('may say that this is development, and all the rest', async () => {
    const path = envFile('ENVIRONMENT=development\nFASTMCP_SERVER_AUTH_TYPE=static\n');
    const config = await loadConfig({ PORT: '9000' }, { envFile: path, nodeArguments: [] });

    expect(config).toMatchObject({
      host: '127.0.0.1',
      port: 9_000,
      authentication: { type: 'static' },
    });
    expect(writeStartUpReport(config)).toMatch(new RegExp(`AUTH_TYPE +"static" +${path}$`, 'm'));
  });

  it('gives way to variables', async () => {
    const path = envFile('ENVIRONMENT=development\nPORT=9001\n');
    const config = await loadConfig(
      { PORT: '9000', FASTMCP_SERVER_AUTH_TYPE: 'static' },
      { envFile: path, nodeArguments: [] },
    );

    expect(config.port).toBe(9_000);
  });

  it('is not read in production, and that is said (CFG-18)', async () => {
    const path = envFile(`FASTMCP_SERVER_AUTH_JWT_AUDIENCE=other\nPORT=9001\n`);
    const config = await loadConfig(withChanges({}), { envFile: path, nodeArguments: [] });

    expect(config).toMatchObject({ port: 8_000, resource: 'https://notes.acme-corp.dev/mcp' });
    expect(config.warnings).toContainEqual(expect.stringContaining('is not read in production'));
  });

  it('need not be there', async () => {
    await loadConfig(withChanges({}), { envFile: '/no/such/.env', nodeArguments: [] });
  });

  it('is judged as the variables are (CFG-05)', async () => {
    const path = envFile('ENVIRONMENT=development\nFASTMCP_SERVER_AUTH_TIPE=static\n');

    await expect(loadConfig({}, { envFile: path })).rejects.toThrow('Did you mean');
  });
});

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { command, program, settings } from './command.ts';

const good: Readonly<Record<string, string>> = {
  ...settings({
    TYPE: 'jwt',
    JWT_ISSUER: 'https://id.acme-corp.dev',
    JWT_AUDIENCE: 'https://notes.acme-corp.dev/mcp',
    JWT_JWKS_URI: 'https://id.acme-corp.dev/jwks',
    JWT_REQUIRED_SCOPES: 'read:data',
    // On a platform with a proxy in front, it must be said.
    TRUSTED_PROXY_HOPS: '1',
  }),
  ENVIRONMENT: 'production',
};

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'check-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

const toFile = (variables: Readonly<Record<string, string>>) =>
  Object.entries(variables)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');

/** A Cloud Run service with these entries, as lines of YAML. */
const service = (entries: readonly string[]) => `apiVersion: serving.knative.dev/v1
kind: Service
metadata: { name: notes }
spec:
  template:
    spec:
      containers:
        - image: sidecar
          env: [{ name: OTHER, value: "1" }]
        - image: notes
          ports: [{ containerPort: 8080 }]
          env:
${entries.map((entry) => `            - ${entry}`).join('\n')}
`;
const entriesOf = (variables: Readonly<Record<string, string>>) =>
  Object.entries(variables).map(
    ([name, value]) => `{ name: ${name}, value: ${JSON.stringify(value)} }`,
  );

it('shows what is in force, as a program', async () => {
  const { code, output, errors } = await program(['check'], {
    variables: good,
    folder: folderWith({}),
  });

  expect(errors).toBe('');
  expect(output).toMatch(
    /✓ These settings can start[\s\S]*Endpoint +https:\/\/notes\.acme-corp\.dev\/mcp/,
  );
  expect(code).toBe(0);
});

it('lists every problem at once, and exits with 78', async () => {
  const variables = {
    ...good,
    FASTMCP_SERVER_AUTH_JWT_ALGORITHM: 'RS257',
    FASTMCP_SERVER_AUTH_JWT_ISUER: 'x',
  };
  const { code, output } = await command(['check'], { variables });

  expect(output).toMatch(/2 problems in the environment/);
  expect(output).toMatch(/JWT_ISUER[\s\S]*JWT_ISSUER/);
  expect(output).toMatch(/JWT_ALGORITHM\n +must be/);
  expect(code).toBe(78);
});

it('prints no secret', async () => {
  const secret = 'q0c3Zf8x1BvM7yKpWmT5sNdRhJ2uLgE9aXoYiCkQwPs=';
  const variables = {
    ...good,
    FASTMCP_SERVER_AUTH_JWT_JWKS_URI: '',
    FASTMCP_SERVER_AUTH_JWT_ALGORITHM: 'HS256',
    FASTMCP_SERVER_AUTH_JWT_PUBLIC_KEY: secret,
    FASTMCP_SERVER_AUTH_RESOURCE_URL: 'https://notes.acme-corp.dev/mcp',
  };
  for (const words of [['check'], ['check', '--json']]) {
    const { code, output, errors } = await command(words, { variables });

    expect(output + errors).not.toContain(secret.slice(0, 12));
    expect(code).toBe(0);
  }
});

it('knows the variables of the command, and leads to them from misspelt ones', async () => {
  const variables = {
    ...good,
    FASTMCP_SERVER_AUTH_ASSERTION_KEY: 'no key',
    FASTMCP_SERVER_AUTH_ASERTION_PUBLISHED_KEYS: 'x',
  };
  const { code, output } = await command(['check', '--json'], { variables });

  expect(JSON.parse(output).problems).toEqual([
    {
      variable: 'FASTMCP_SERVER_AUTH_ASERTION_PUBLISHED_KEYS',
      problem: expect.stringContaining('mean FASTMCP_SERVER_AUTH_ASSERTION_PUBLISHED_KEYS?'),
    },
    {
      variable: 'FASTMCP_SERVER_AUTH_ASSERTION_KEY',
      problem: expect.stringMatching(/private key of the curve P-256/),
    },
  ]);
  expect(code).toBe(78);
});

it('reads a .env file in place of the environment', async () => {
  const folder = folderWith({ 'prod.env': toFile(good) });
  const { code, output } = await command(['check', '--env-file', 'prod.env', '--json'], {
    folder,
    variables: { FASTMCP_SERVER_AUTH_JWT_ALGORITHM: 'RS257' },
  });

  expect(JSON.parse(output)).toMatchObject({ ok: true, source: 'prod.env', problems: [] });
  expect(code).toBe(0);
});

describe('a service.yaml', () => {
  const check = (text: string, ...words: string[]) =>
    command(['check', '--service', 'service.yaml', ...words], {
      folder: folderWith({ 'service.yaml': text }),
    });

  it('is read as the platform would, so that it is production', async () => {
    const { ENVIRONMENT: _said, ...variables } = good;
    const development = { ...variables, ENVIRONMENT: 'development' };
    const { code, output } = await check(service(entriesOf(development)));

    expect(output).toMatch(/Environment +production, because of K_SERVICE/);
    expect(output).toMatch(/PORT\n +"8080"/);
    expect(code).toBe(0);
  });

  it('may have secrets in place of values: everything else is checked', async () => {
    const { FASTMCP_SERVER_AUTH_JWT_ISSUER: _issuer, ...others } = good;
    const secret =
      '{ name: FASTMCP_SERVER_AUTH_JWT_ISSUER, valueFrom: { secretKeyRef: { name: jwt-issuer, key: latest } } }';
    const fine = await check(service([...entriesOf(others), secret]));
    const bad = await check(
      service([...entriesOf({ ...others, FASTMCP_SERVER_AUTH_JWT_CLOCK_SKEW: '900' }), secret]),
    );

    expect(fine.output).toMatch(/JWT_ISSUER\n +in secret jwt-issuer, version latest; not read/);
    expect(fine.code).toBe(0);
    expect(bad.output).toMatch(/1 problem in service\.yaml[\s\S]*CLOCK_SKEW/);
    expect(bad.code).toBe(78);
  });

  it('may name secrets of Secret Manager, which is not asked', async () => {
    const { output, code } = await check(
      service(
        entriesOf({
          ...good,
          FASTMCP_SERVER_AUTH_SECRET_BACKEND: 'gcp_secret_manager',
          GCP_PROJECT_ID: 'acme-notes-123456',
          FASTMCP_SERVER_AUTH_JWT_ISSUER: 'gcp-sm://notes-jwt-issuer',
          FASTMCP_SERVER_AUTH_ASSERTION_KEY: 'gcp-sm://notes-assertion-key',
          FASTMCP_SERVER_AUTH_ASSERTION_PUBLISHED_KEYS: 'gcp-sm://notes-last-key',
        }),
      ),
    );

    expect(output).toMatch(/JWT_ISSUER\n +in secret notes-jwt-issuer; not read/);
    expect(output).toMatch(/ASSERTION_KEY\n +in secret notes-assertion-key; not read/);
    expect(code).toBe(0);
  });

  it.each([
    ['no YAML', 'a: [', /not valid YAML/],
    ['another document', 'a: 1', /spec\.template\.spec\.containers/],
    ['nothing', '', /spec\.template\.spec\.containers/],
  ])('is refused where it is %s', async (_name, text, problem) => {
    const { code, errors } = await check(text);

    expect(errors).toMatch(problem);
    expect(code).toBe(2);
  });
});

it.each([
  [['check', '--env-file', 'nowhere.env'], /cannot be read \(ENOENT\)/],
  [['check', '--env-file', 'a', '--service', 'b'], /not both/],
  [['chekc'], /Did you mean check/],
  [['check', '--jsn'], /Did you mean --json/],
])('ends with 2 where it is called wrongly: %j', async (words, problem) => {
  const { code, errors } = await command(words);

  expect(errors).toMatch(problem);
  expect(code).toBe(2);
});

describe('colour', () => {
  it.each([
    ['a terminal', { isTerminal: true }, true],
    ['a pipe', {}, false],
    [
      'a terminal with NO_COLOR',
      { isTerminal: true, variables: { ...good, NO_COLOR: '1' } },
      false,
    ],
    ['a terminal that is dumb', { isTerminal: true, variables: { ...good, TERM: 'dumb' } }, false],
    ['a pipe with FORCE_COLOR', { variables: { ...good, FORCE_COLOR: '1' } }, true],
  ])('of %s', async (_name, given, isColoured) => {
    const { output } = await command(['check'], { variables: good, ...given });

    expect(output.includes('\u001b[')).toBe(isColoured);
  });

  it('changes no word, and no line is wider than the terminal where words can be broken', async () => {
    const { output } = await command(['check'], { variables: good });

    for (const line of output.split('\n')) {
      expect(line.length <= 80 || !line.trim().includes(' ')).toBe(true);
    }
  });
});

describe('help', () => {
  it.each([[['--help']], [['help']], [['check', '--help']], [['help', 'explain']]])(
    '%j ends with 0',
    async (words) => {
      const { code, output } = await command(words);

      expect(output).toMatch(/Usage: sallyport/);
      expect(code).toBe(0);
    },
  );

  it('says for every command and option what it is for', async () => {
    const { output } = await command(['--help']);
    const names = [...output.matchAll(/^ {2}([a-z]+) .*? {2}/gm)].map(([, name = '']) => name);
    expect(names).toEqual(
      expect.arrayContaining(['check', 'explain', 'doctor', 'token', 'keygen', 'install']),
    );
    for (const name of names.filter((each) => each !== 'help')) {
      const { output: help } = await command([name, '--help']);

      for (const line of help.split('\n').filter((each) => /^ {2}-/.test(each))) {
        expect(line).toMatch(/^ {2}-.*\S {2,}\S/);
      }
    }
  });
});

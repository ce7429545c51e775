/** deploy.sh against stand-ins for gcloud, curl, docker and sleep, which record their calls. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { createGateFromConfig, loadConfig } from '@sallyport/config';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { toolScopes } from '../src/notes/tool-scopes.ts';
import {
  holdSecrets,
  own,
  readReference,
  readScenario,
  repository,
  type Variables,
} from './deployment.ts';

const script = fileURLToPath(new URL('../deploy/deploy.sh', import.meta.url));
const programs = fileURLToPath(new URL('deploy/programs', import.meta.url));
const place = ['--project', 'acme-notes', '--region', 'us-central1', '--tag', '1'];
const tenant = '8f2c1d5e-3b7a-4c9d-8e6f-1a2b3c4d5e6f';
const client = '5d4c3b2a-1f0e-4d9c-8b7a-6f5e4d3c2b1a';
const clientSecret = own['CLIENT_SECRET'] ?? '';

/** A project of Google Cloud: a folder, in which the stand-ins keep what was created. */
function createProject() {
  const folder = mkdtempSync(`${tmpdir()}/sallyport-deploy-`);
  const read = (name: string): string => readFileSync(`${folder}/${name}`, 'utf8');
  writeFileSync(`${folder}/client-secret.txt`, `${clientSecret}\n`);

  async function deploy(...words: readonly string[]) {
    writeFileSync(`${folder}/calls`, '');
    const environment = { PATH: `${programs}:${process.env['PATH']}`, STAND_IN: folder };
    const { code, said, complaint } = await new Promise<{
      code: number;
      said: string;
      complaint: string;
    }>((resolve) => {
      execFile('bash', [script, ...words], { env: environment }, (failure, stdout, stderr) =>
        resolve({ code: Number(failure?.code ?? 0), said: stdout, complaint: stderr }),
      ).stdin?.end();
    });
    return { code, said: nameFolders(said), complaint, calls: nameFolders(read('calls')) };
  }

  return {
    deploy,
    clientSecretFile: `${folder}/client-secret.txt`,
    /** Calls that contain this text fail from now on. */
    breakCalls: (text: string) => writeFileSync(`${folder}/broken`, text),
    /** Somebody added a second version of this secret and disabled it. */
    disableNewest: (secret: string) => writeFileSync(`${folder}/disabled:${secret}`, ''),
    variables: (): Variables => parse(read('notes.env.yaml')),
    secrets: (): Variables =>
      Object.fromEntries(
        readdirSync(folder)
          .filter((name) => name.startsWith('secret:'))
          .map((name) => [name.slice('secret:'.length), read(name)]),
      ),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** Variables with the settings that are in Secret Manager, and with the names of the two real secrets. */
function readSettings(variables: Variables, secrets: Variables): Variables {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => {
      const [, secret = ''] = value.split('gcp-sm://');
      const isSetting = secret !== '' && !/(key|secret)$/.test(secret);
      return [name, isSetting ? (secrets[secret] ?? '') : value];
    }),
  );
}

/** The same text on every machine. */
function nameFolders(text: string): string {
  return text
    .replaceAll(fileURLToPath(repository).replace(/\/$/, ''), 'REPOSITORY')
    .replace(/\S*\/tmp\.\w+\//g, 'FOLDER/');
}

const readGolden = (name: string): string =>
  readFileSync(new URL(`deploy/${name}.txt`, import.meta.url), 'utf8');
const changes = /^gcloud (?!.* (?:describe|list|list-configs|versions access) )/;

const project = createProject();
afterAll(project.remove);
const google = [...place, '--scenario', 'google', '--alert-email', 'ops@acme-corp.dev'];

describe('deploy.sh, with the scenario google', () => {
  it('creates everything in an empty project, and waits until Google Cloud knows it', async () => {
    const { code, complaint, calls } = await project.deploy(...google, '--yes');

    expect({ code, complaint }).toEqual({ code: 0, complaint: '' });
    expect(calls).toBe(readGolden('first-run'));
  });

  it('creates nothing in a second run, and deploys again', async () => {
    const { code, calls } = await project.deploy(...google, '--yes');

    expect(code).toBe(0);
    expect(calls).toBe(readGolden('second-run'));
    expect(calls).not.toMatch(/ (?:create|submit|versions add) /);
  });

  it('prints with --dry-run what the first run calls, and calls nothing', async () => {
    const { code, said, calls } = await project.deploy(...google, '--dry-run');
    const printed = said.split('\n').filter((line) => line.startsWith('+ gcloud '));
    const called = readGolden('first-run')
      .split('\n')
      .filter((line, index, all) => changes.test(line) && all.indexOf(line) === index);

    expect({ code, calls }).toEqual({ code: 0, calls: '' });
    expect(printed.map((line) => line.split(' ').slice(1, 5))).toEqual(
      called.map((line) => line.replaceAll(': ', ':\\ ').split(' ').slice(0, 4)),
    );
  });
});

const scenarios = [
  { number: 1, words: ['--scenario', 'google', '--caller-id', own['CALLER_ID'] ?? ''] },
  { number: 2, words: ['--scenario=entra', '--tenant-id', tenant, '--client-id', client] },
  {
    number: 3,
    words: [
      ...['--scenario', 'okta', '--issuer', 'https://acme.okta.com/oauth2/default'],
      ...['--client-id', '0oa1acmeNotesService5d7'],
      ...['--client-secret-file', project.clientSecretFile],
    ],
  },
  {
    number: undefined,
    words: ['--scenario', 'auth0', '--issuer', 'https://acme.eu.auth0.com/'],
  },
  {
    number: 4,
    words: [
      ...['--scenario', 'hmac', '--issuer', 'https://internal-auth.acme-corp.dev'],
      ...['--audience', 'internal-mcp-service'],
    ],
  },
];

// Alerts are the same in all scenarios, so these runs end before them.
const alerts = 'gcloud logging metrics';

describe.each(scenarios)('deploy.sh $words.0 $words.1', ({ number, words }) => {
  it('gives the server variables that it starts with, and no right but to read its secrets', async () => {
    project.breakCalls(alerts);
    const { code, said, calls } = await project.deploy(...place, ...words, '--yes');
    const variables = project.variables();
    const secrets = project.secrets();
    const stored = Object.values(variables).flatMap((value) => value.split('gcp-sm://').slice(1));
    const granted = [...calls.matchAll(/add-iam-policy-binding (notes-\S+)/g)].map(
      ([, name]) => name,
    );

    expect(code).toBe(1);
    expect(calls).toContain('gcloud run deploy notes ');
    if (number !== undefined) expect(variables).toEqual(readScenario(number).variables);
    expect(new Set(granted)).toEqual(new Set(stored));
    expect(calls.match(/--role (?!roles\/secretmanager\.secretAccessor\n).*/g)).toBeNull();
    for (const secret of Object.values(secrets)) expect(secret).toMatch(/^\S+$/);
    const config = await loadConfig(
      { ...readSettings(variables, secrets), K_SERVICE: 'notes', PORT: '8080' },
      { secrets: holdSecrets(secrets), nodeArguments: [] },
    );
    const gate = await createGateFromConfig(config, {
      tools: toolScopes,
      audit: { emit: () => {} },
    });
    onTestFinished(() => gate.close());
    expect(config).toMatchObject({ trustedProxyHops: 1, resource: own['RESOURCE_URL'] });
    const key = secrets['notes-hmac-secret-key'] ?? clientSecret;
    expect(`${said}${calls}`).not.toContain(key);
    expect(`${said}${calls}`).not.toContain(clientSecret);
  });
});

it('deploy.sh keeps the keys that exist, and stores a setting that changed', async () => {
  project.breakCalls(alerts);
  const words = ['--scenario', 'hmac', '--issuer', 'https://id.acme-corp.dev', '--audience', 'a'];
  const before = project.secrets();
  const { said } = await project.deploy(...place, ...words, '--yes');
  const after = project.secrets();

  expect(said).toContain('The value of notes-hmac-secret-key stays.');
  expect(after['notes-hmac-secret-key']).toBe(before['notes-hmac-secret-key']);
  expect(after['notes-jwt-issuer']).toBe('https://id.acme-corp.dev');
});

it('deploy.sh reads a setting whose newest version is disabled', async () => {
  project.breakCalls(alerts);
  project.disableNewest('notes-jwt-issuer');
  const words = ['--scenario', 'hmac', '--issuer', 'https://id.acme-corp.dev', '--audience', 'a'];
  const { complaint, calls } = await project.deploy(...place, ...words, '--yes');

  expect(complaint).not.toContain('FAILED_PRECONDITION');
  expect(calls).toContain('gcloud run deploy notes ');
  expect(calls).toContain('gcloud secrets versions access 1 --secret notes-jwt-issuer\n');
  expect(calls).not.toContain('gcloud secrets versions add');
});

const hmac = ['--scenario', 'hmac', '--issuer', 'https://id.acme-corp.dev', '--audience', 'a'];
describe('deploy.sh stops when a call fails', () => {
  it.each([
    { broken: 'services enable', last: /^gcloud services enable .*\n$/m },
    { broken: 'secrets versions list', last: /^gcloud secrets versions list [^\n]*\n$/m },
    { broken: 'run deploy', last: /^gcloud run deploy [^\n]*\n$/m },
  ])('$broken', async ({ broken, last }) => {
    project.breakCalls(broken);
    const { code, complaint, calls } = await project.deploy(...place, ...hmac, '--yes');

    expect(code).toBe(1);
    expect(complaint).toContain('PERMISSION_DENIED');
    expect(calls.slice(calls.lastIndexOf('\n', calls.length - 2) + 1)).toMatch(last);
  });
});

const refusals: readonly (readonly [string, readonly string[], RegExp])[] = [
  ['no project', ['--region', 'us-central1'], /--project is missing/],
  ['the number of a project', ['--project', '123456789012'], /--project must be a project id/],
  ['a project with capitals', ['--project', 'Acme-Notes'], /--project must be a project id/],
  ['no region', ['--project', 'acme-notes'], /--region is missing/],
  ['a zone', [...place, '--region', 'us-central1-a'], /--region must be a region/],
  ['no scenario', place, /--scenario is missing/],
  ['the number of a scenario', [...place, '--scenario', '1'], /--scenario must be google/],
  ['an unknown option', [...place, '--sceanrio', 'google'], /--sceanrio is not an option/],
  ['a word without option', [...place, 'google'], /google is not an option/],
  ['an option without value', ['--project', '--yes'], /--project needs a value/],
  ['an empty value', [...place, '--scenario='], /--scenario needs a value/],
  ['a long service', [...google, '--service', 'n'.repeat(23)], /--service must have/],
  ['another builder', [...google, '--build', 'kaniko'], /--build must be cloud or docker/],
  ['two addresses', [...google, '--alert-email', 'a@b.dev,c@d.dev'], /--alert-email must be/],
  ['a bad tag', [...google, '--tag', 'a b'], /--tag must be/],
  ['a caller by address', [...google, '--caller-id', 'a@b.dev'], /--caller-id must be/],
  ['an option of another scenario', [...google, '--tenant-id', tenant], /is not for the scenario/],
  ['Entra without tenant', [...place, '--scenario', 'entra'], /--tenant-id must be .*missing$/m],
  [
    "Okta's org server",
    [...place, '--scenario', 'okta', '--issuer', 'https://acme.okta.com'],
    /custom/,
  ],
  [
    'a secret in the repository',
    [
      ...[...place, '--scenario', 'okta', '--issuer', 'https://acme.okta.com/oauth2/default'],
      ...['--client-id', '0oa1acmeNotesService5d7', '--client-secret-file', script],
    ],
    /outside of the repository/,
  ],
  ['HMAC without audience', [...place, ...hmac.slice(0, 4)], /--audience is missing/],
  ['an http issuer', [...place, ...hmac, '--issuer', 'http://id.acme-corp.dev'], /https/],
  ['a quotation mark', [...place, ...hmac, '--audience', 'a"b'], /--audience must be/],
  ['no --yes where nobody can be asked', google, /add --yes/],
];

describe('deploy.sh refuses in one sentence, before it calls anything', () => {
  it.each(refusals)('%s', async (_what, words, sentence) => {
    const { code, said, complaint, calls } = await project.deploy(...words);

    expect({ code, said, calls }).toEqual({ code: 2, said: '', calls: '' });
    expect(complaint).toMatch(/^deploy\.sh: [^\n]+\n$/);
    expect(complaint).toMatch(sentence);
  });
});

it('deploy.sh --help names every option, and the README explains each', async () => {
  const { code, said } = await project.deploy('--help');
  const options = new Set(said.match(/--[a-z-]+/g));
  const readme = readReference('deploy/README.md');

  expect(code).toBe(0);
  expect(options.size).toBeGreaterThan(14);
  expect([...options].filter((option) => !readme.includes(`\`${option}`))).toEqual([]);
});

const shown = [
  ...readReference('deploy/README.md').matchAll(/^\S+deploy\.sh ((?:.*\\\n)*.*)$/gm),
].map(([, line = '']) => {
  const words = line.replaceAll('\\\n', '').split(/\s+/);
  return { scenario: words[words.indexOf('--scenario') + 1], words };
});

describe('deploy.sh accepts the command of its README', () => {
  it('which has one for each scenario', () => {
    const named = shown.map(({ scenario }) => scenario);
    expect(named.toSorted()).toEqual(['auth0', 'entra', 'google', 'hmac', 'okta']);
  });

  it.each(shown)('$scenario', async ({ words }) => {
    const given = words.map((word) =>
      word === '~/client-secret.txt' ? project.clientSecretFile : word,
    );
    const { code, said } = await project.deploy(...given, '--tag', '1', '--dry-run');

    expect(code).toBe(0);
    expect(said).toContain('+ gcloud run deploy notes ');
  });
});

it('deploy.sh builds with Docker on this machine', async () => {
  const { said } = await project.deploy(...google, '--build', 'docker', '--dry-run');
  const image = 'us-central1-docker.pkg.dev/acme-notes/sallyport/notes:1';

  expect(said).toContain('+ gcloud auth configure-docker us-central1-docker.pkg.dev\n');
  expect(said).toContain(`--file REPOSITORY/apps/reference/Dockerfile --tag ${image} REPOSITORY\n`);
  expect(said).toContain(`+ docker push ${image}\n`);
  expect(said).not.toMatch(/builds submit|cloudbuild/);
});

it('the README names the page of each command and flag of gcloud', () => {
  const readme = readReference('deploy/README.md');
  const rows = new Map(
    [...readme.matchAll(/^\| `gcloud ([^`]+)` +\| ([^|]*)\| (\S+) +\|$/gm)].map(
      ([, command = '', flags = '', page = '']) => [command, { flags, page }],
    ),
  );
  const calls =
    `${readGolden('first-run')}${readGolden('second-run')}`.match(/^gcloud .*$/gm) ?? [];
  const unknown = calls.flatMap((call) => {
    const words = call.split(' ').slice(1);
    const command = [...rows.keys()].find((name) => words.join(' ').startsWith(name));
    const row = rows.get(command ?? '');
    if (row === undefined) return [call];
    return words.filter(
      (word) => word.startsWith('--') && !row.flags.includes(`\`${word.split('=')[0]}\``),
    );
  });

  expect(calls.length).toBeGreaterThan(60);
  expect(unknown).toEqual([]);
  for (const [command, { page }] of rows) {
    expect(page).toBe(`sdk/gcloud/reference/${command.replaceAll(' ', '/')}`);
  }
});

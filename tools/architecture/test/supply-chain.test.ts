/** CASE-14: every program that runs with our permissions is pinned, so that a moved tag changes nothing. */
import { describe, expect, it } from 'vitest';
import { listRepositoryFiles, readText } from './repository.ts';

/** What a workflow, script or image does that can change without a commit here. */
function findFloating(file: string, text: string, pnpmVersion: string): string[] {
  const lines = text.split('\n').filter((line) => !/^\s*#/.test(line));
  return lines.flatMap((line) => {
    const problems: string[] = [];
    const [, action] = /\buses:\s*['"]?([^\s'"]+)/.exec(line) ?? [];
    if (action !== undefined && !action.startsWith('./')) {
      const isPinned =
        /@[0-9a-f]{40}$/.test(action) || /^docker:.*@sha256:[0-9a-f]{64}$/.test(action);
      if (!isPinned) problems.push('an action without the full SHA of a commit');
      else if (!/# v\d+\.\d+\.\d+$/.test(line))
        problems.push('an action without its tag as comment');
    }
    const [, image] = /^\s*(?:FROM|image:)\s+(?:--\S+\s+)*['"]?([^\s'"]+)/i.exec(line) ?? [];
    if (image !== undefined && !/@sha256:[0-9a-f]{64}$/.test(image) && !isStage(text, image)) {
      problems.push('an image without a digest');
    }
    for (const [, name, version] of line.matchAll(/\b(pnpm|npx --yes [a-z]+)@([\w.^~-]+)/g)) {
      if (version !== pnpmVersion) problems.push(`${name} at another version than packageManager`);
    }
    return problems.map((problem) => `${file}: ${problem}: ${line.trim()}`);
  });
}

/** Whether a name is an earlier stage of the same Dockerfile. */
function isStage(text: string, name: string): boolean {
  return new RegExp(`^FROM .* AS ${name}$`, 'im').test(text);
}

function findPermissions(file: string, text: string): string[] {
  const problems: string[] = [];
  if (!/^permissions: \{\}$/m.test(text)) problems.push('no `permissions: {}` at the top');
  if (/write-all|read-all/.test(text)) problems.push('permissions for everything');
  if (/pull_request_target/.test(text)) problems.push('a stranger’s code with our secrets');
  const jobs = text.split(/^jobs:$/m)[1]?.match(/^ {2}[\w-]+:$/gm)?.length ?? 0;
  const granted = text.match(/^ {4}permissions:$/gm)?.length ?? 0;
  if (jobs === 0 || jobs !== granted) problems.push('a job without its own permissions');
  const checkouts = text.match(/uses: actions\/checkout@/g)?.length ?? 0;
  const forgetful = text.match(/persist-credentials: false/g)?.length ?? 0;
  if (checkouts !== forgetful) problems.push('a checkout that keeps its token on disk');
  return problems.map((problem) => `${file}: ${problem}`);
}

const { packageManager } = JSON.parse(readText('package.json')) as { packageManager: string };
const pnpmVersion = packageManager.replace(/^pnpm@/, '').replace(/\+.*$/, '');
const files = listRepositoryFiles();
const workflows = files.filter((file) => /^\.github\/.*\.ya?ml$/.test(file));
const dockerfiles = files.filter((file) => /(?:^|\/)(?:Dockerfile|.*\.Dockerfile)$/.test(file));
const automation = [
  ...workflows,
  ...dockerfiles,
  ...files.filter((file) => file.startsWith('.ci/')),
];

describe('CASE-14: the repository', () => {
  it('names an exact version of pnpm', () => {
    expect(pnpmVersion).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it('has workflows, images and scripts to check', () => {
    expect(workflows).toEqual(
      expect.arrayContaining(
        ['ci', 'codeql', 'nightly', 'release', 'scorecard'].map(
          (name) => `.github/workflows/${name}.yml`,
        ),
      ),
    );
    expect(dockerfiles).toContain('apps/reference/Dockerfile');
    expect(automation).toContain('.ci/run');
  });

  it.each(automation)('pins actions, images and pnpm in %s', (file) => {
    expect(findFloating(file, readText(file), pnpmVersion)).toEqual([]);
  });

  it.each(workflows.filter((file) => file.startsWith('.github/workflows/')))(
    'gives %s the permissions that each job needs, and leaves no token on disk',
    (file) => {
      expect(findPermissions(file, readText(file))).toEqual([]);
    },
  );
});

const manifests = files.filter((file) => /^packages\/[^/]+\/package\.json$/.test(file));

describe.each(manifests)('the package of %s', (file) => {
  it('asks npm for provenance, and ships its changelog', () => {
    expect(JSON.parse(readText(file))).toMatchObject({
      files: expect.arrayContaining(['CHANGELOG.md']),
      publishConfig: { access: 'public', provenance: true },
      repository: { directory: file.replace('/package.json', '') },
    });
  });
});

describe('CASE-14: the check', () => {
  const digest = 'a'.repeat(64);

  it.each([
    '      - uses: actions/checkout@v5',
    '      - uses: actions/checkout@main # v5.0.0',
    '      - uses: actions/checkout@08c6903 # v5.0.0',
    '      - uses: "actions/checkout"',
    `      - uses: actions/checkout@${'a'.repeat(40)}`,
    '        uses: docker://alpine:3',
    'FROM node:24-slim',
    'FROM --platform=linux/amd64 node:24-slim AS build',
    '    image: redis:8',
    'RUN npx --yes pnpm@12 install',
    'RUN npx --yes pnpm@latest install',
    'RUN corepack use pnpm@12.1.0',
  ])('finds %s', (line) => {
    expect(findFloating('file', line, '12.21.0')).not.toEqual([]);
  });

  it.each([
    `      - uses: actions/checkout@${'a'.repeat(40)} # v5.0.0`,
    '      - uses: ./.github/actions/local',
    `FROM node:24-slim@sha256:${digest} AS build\nFROM build`,
    'RUN npx --yes pnpm@12.21.0 install',
  ])('takes %s', (line) => {
    expect(findFloating('file', line, '12.21.0')).toEqual([]);
  });

  it.each([
    ['no permissions', 'jobs:\n  build:\n    steps:\n'],
    ['a job without', 'permissions: {}\njobs:\n  build:\n    steps:\n'],
    ['too many', 'permissions: {}\njobs:\n  build:\n    permissions: write-all\n'],
    [
      'a token on disk',
      'permissions: {}\njobs:\n  build:\n    permissions:\n      contents: read\n    steps:\n      - uses: actions/checkout@a\n',
    ],
  ])('finds a workflow with %s', (_case, text) => {
    expect(findPermissions('file', text)).not.toEqual([]);
  });
});

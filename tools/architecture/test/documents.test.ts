/** The documents name files that exist, and the lists of packages are complete. */
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { listRepositoryFiles, listWorkspaces, readText } from './repository.ts';

const files = listRepositoryFiles();
const names = new Set(files.map((file) => basename(file)));
const documents = files.filter((file) => /^docs\/[^/]+\.md$/.test(file));

/** The relative links and the file names of a document that lead nowhere. */
function findDeadReferences(document: string, text: string): readonly string[] {
  const base = new URL(`../../../${document}`, import.meta.url);
  const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)].map(([, to = '']) => to);
  const mentions = [...text.matchAll(/`([\w./-]+\.ts)`/g)].map(([, name = '']) => name);
  return [
    ...links.filter((to) => !existsSync(fileURLToPath(new URL(to, base)))),
    ...mentions.filter((name) => !(name.includes('/') ? exists(name) : names.has(name))),
  ];
}

/** Whether a path leads to a file, from the top or from the sources of a package. */
function exists(path: string): boolean {
  return files.some((file) => file === path || file.endsWith(`/src/${path}`));
}

it('finds the architecture and the requirements', () => {
  expect(documents).toEqual(
    expect.arrayContaining(['docs/architecture.md', 'docs/requirements.md']),
  );
});

it.each(documents)('%s refers only to files that exist', (document) => {
  expect(findDeadReferences(document, readText(document))).toEqual([]);
});

it.each([
  ['a link', '[core](../packages/gone)', ['../packages/gone']],
  ['a link with a title', '[core](../packages/gone#errors)', ['../packages/gone']],
  ['a file name', 'See `gone.ts`.', ['gone.ts']],
  ['a path', 'See `packages/core/src/gone.ts`.', ['packages/core/src/gone.ts']],
  [
    'nothing',
    '[core](../packages/core), `guard.ts`, [RFC](https://a.example), [below](#below)',
    [],
  ],
])('notices %s that is dead', (_case, text, dead) => {
  expect(findDeadReferences('docs/architecture.md', text)).toEqual(dead);
});

const pages = files.filter((file) => file.endsWith('.md') && !file.startsWith('.changeset/'));

/** The test files that commands such as `--dir packages/core exec vitest run test/a.test.ts` cannot find. */
function findDeadCommands(text: string): readonly string[] {
  const commands = [...text.matchAll(/(?:--dir|cd) (\S+) (?:exec|&&) \S*vitest([^`\n]*)/g)];
  return commands.flatMap(([, directory = '', words = '']) =>
    [...words.matchAll(/\S+\.ts\b/g)]
      .map(([file]) => `${directory}/${file}`)
      .filter((path) => !files.includes(path)),
  );
}

it('commands in documents run tests that exist', () => {
  const dead = pages.flatMap((page) =>
    findDeadCommands(readText(page)).map((path) => `${page}: ${path}`),
  );
  expect(dead).toEqual([]);
});

it('notices a command whose test was moved', () => {
  const command = (path: string) => `\`--dir packages/core exec vitest run -t 'x' ${path}\`, then`;
  expect(findDeadCommands(command('test/gone.test.ts'))).toEqual([
    'packages/core/test/gone.test.ts',
  ]);
  expect(findDeadCommands(command('test/errors.test.ts'))).toEqual([]);
});

it.each([
  ['README.md', '(packages/'],
  ['docs/architecture.md', '(../packages/'],
])('%s lists every package', (page, link) => {
  const text = readText(page);
  const missing = listWorkspaces('packages').filter((name) => !text.includes(`${link}${name})`));
  expect(missing).toEqual([]);
});

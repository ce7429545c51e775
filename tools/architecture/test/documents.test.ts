/** The documents in `docs` name files that exist. */
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { listRepositoryFiles, readText } from './repository.ts';

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

/** What the documents guarantee has a test: the tables of guarantees name files and titles that exist. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { listRepositoryFiles, readText } from './repository.ts';

const heading = '## What it guarantees';

/** The rows of the first table below the heading, without its head. */
function listGuarantees(text: string): string[] {
  const [, section = ''] = text.split(`\n${heading}\n`);
  const rows = section
    .split('\n## ')[0]
    ?.split('\n')
    .filter((line) => line.startsWith('|'));
  return rows?.slice(2) ?? [];
}

/** What is wrong with the tests that a row links to: `[title](file)`. */
function findProblems(row: string): string[] {
  const links = [...row.matchAll(/\[([^\]]+)\]\(([^)]+\.ts)\)/g)];
  if (links.length === 0) return ['a guarantee without a test'];
  return links.flatMap(([, title = '', file = '']) => {
    if (!existsSync(fileURLToPath(new URL(`../../../${file}`, import.meta.url)))) {
      return [`no file ${file}`];
    }
    return readText(file).includes(title) ? [] : [`no test "${title}" in ${file}`];
  });
}

describe.each(['README.md', 'SECURITY.md'])('the guarantees of %s', (file) => {
  const rows = listGuarantees(readText(file));

  it('are a table', () => {
    expect(rows.length).toBeGreaterThan(5);
  });

  it.each(rows)('have the test that they name: %s', (row) => {
    expect(findProblems(row)).toEqual([]);
  });
});

it('notices a guarantee without a test, a missing file and a missing title', () => {
  expect(findProblems('| a | b |')).toHaveLength(1);
  expect(findProblems('| a | [title](packages/core/test/gone.test.ts) |')).toHaveLength(1);
  expect(findProblems('| a | [no such title](packages/core/test/guard.test.ts) |')).toHaveLength(1);
});

describe.each(
  listRepositoryFiles().filter(
    (file) => /^packages\/[^/]+\/README\.md$/.test(file) && readText(file).includes(heading),
  ),
)('the guarantees of %s', (file) => {
  const named = listGuarantees(readText(file))
    .flatMap((row) => [...row.matchAll(/`(test\/[^`]+\.ts)`/g)])
    .map(([, path = '']) => file.replace('README.md', path));

  it('name test files that exist', () => {
    expect(named.filter((path) => !listRepositoryFiles().includes(path))).toEqual([]);
  });
});

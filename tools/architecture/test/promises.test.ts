/** What the documents guarantee has a test: the tables of guarantees name files and titles that exist. */
import { join } from 'node:path/posix';
import { describe, expect, it } from 'vitest';
import { listRepositoryFiles, readText } from './repository.ts';

const heading = '## What it guarantees';

/** The rows of the first table below the heading, without its head. */
function listGuarantees(text: string): string[] {
  const [, section = ''] = text.split(`\n${heading}\n`);
  const lines = section.split('\n## ')[0]?.split('\n') ?? [];
  const start = lines.findIndex((line) => line.startsWith('|'));
  const table = start === -1 ? [] : lines.slice(start);
  const end = table.findIndex((line) => !line.startsWith('|'));
  return table.slice(2, end === -1 ? undefined : end);
}

/**
 * What is wrong with the tests that a row links to: `[title](file)`.
 *
 * @param folder Of the document: links are relative to it.
 */
function findProblems(row: string, folder = ''): string[] {
  const links = [...row.matchAll(/\[([^\]]+)\]\(([^)]+\.ts)\)/g)];
  if (links.length === 0) return ['a guarantee without a test'];
  return links.flatMap(([, title = '', file = '']) => {
    const path = join(folder, file);
    if (!/\btest\/|\bnightly\//.test(path) || !files.has(path)) return [`no test file ${path}`];
    return readText(path).includes(withoutIds(title)) ? [] : [`no test "${title}" in ${path}`];
  });
}

/** A title without the requirements that it names: those are added and renamed more often. */
function withoutIds(title: string): string {
  return title.replace(/^(?:[A-Z]+-\d+(?:, )?)+: /, '').replace(/ \([^()]*\)$/, '');
}

const files: ReadonlySet<string> = new Set(listRepositoryFiles());
const readmes = [...files].filter((file) => /^packages\/[^/]+\/README\.md$/.test(file));
const withGuarantees = readmes.filter((file) =>
  /^## (Promises|What it guarantees)$/m.test(readText(file)),
);

describe.each(['SECURITY.md', 'RELEASING.md', ...withGuarantees])(
  'the guarantees of %s',
  (file) => {
    const rows = listGuarantees(readText(file));

    it('are a table', () => {
      expect(rows.length).toBeGreaterThan(file.startsWith('packages/') ? 2 : 10);
    });

    it('have the tests that they name', () => {
      const folder = file.slice(0, file.lastIndexOf('/') + 1);
      const problems = rows.map((row) => ({ row, problems: findProblems(row, folder) }));
      expect(problems.filter((each) => each.problems.length > 0)).toEqual([]);
    });
  },
);

it('covers every package whose README guarantees something', () => {
  expect(withGuarantees.length).toBeGreaterThan(15);
});

it('notices a guarantee without a test, a missing file and a missing title', () => {
  const folder = 'packages/core/';
  expect(findProblems('| a | b |')).toHaveLength(1);
  expect(findProblems('| a | [title](test/gone.test.ts) |', folder)).toHaveLength(1);
  expect(findProblems('| a | [export](src/index.ts) |', folder)).toHaveLength(1);
  expect(findProblems('| a | [no such title](test/guard.test.ts) |', folder)).toHaveLength(1);
});

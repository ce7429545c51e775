/** Every requirement has a known state, and `docs/requirements.md` shows it. */
import { describe, expect, it } from 'vitest';
import { findAudited, findCoverageProblems } from '../../../docs/requirements/audit-coverage.ts';
import { writePage } from '../../../docs/requirements/page.ts';
import {
  findIds,
  findProblems,
  findTests,
  type Requirement,
  type RequirementGroup,
  readGroups,
} from '../../../docs/requirements/requirements.ts';
import { listFiles, readText } from './repository.ts';

const groups = readGroups();
const tests = findTests(groups);

describe('the requirements', () => {
  it('have a test, a plan or a reason each, and all ids in test titles are among them', () => {
    expect(findProblems(groups, tests)).toEqual([]);
  });

  it('are shown by docs/requirements.md as `npx --yes pnpm@12 requirements` writes it', () => {
    expect(readText('docs/requirements.md')).toBe(writePage(groups, tests));
  });

  it('are many', () => {
    expect(groups.flatMap(({ rows }) => rows).length).toBeGreaterThan(300);
    expect(tests.size).toBeGreaterThan(200);
  });
});

describe('the audit', () => {
  const audited = findAudited(
    listFiles('packages', 'testing', 'src/audit/rows').map((file) =>
      readText('packages', 'testing', file),
    ),
    groups,
  );

  it('tries every requirement that a client can see, or a reason says why not', () => {
    expect(audited.size).toBeGreaterThan(80);
    expect(findCoverageProblems(audited, groups)).toEqual([]);
  });

  it('is reported if it no longer tries a requirement', () => {
    expect(findCoverageProblems(new Set(), groups).length).toBeGreaterThan(80);
    expect(findCoverageProblems(new Set([...audited, 'DOOR-01']), groups)).toEqual([
      'DOOR-01: there is no such requirement',
    ]);
  });
});

// Made-up prefixes: those of the data would make this file hold requirements.
const door = (rows: readonly Requirement[] = []): RequirementGroup => ({
  prefix: 'DOOR',
  title: 'Doors',
  about: 'Doors of a house.',
  rows,
});

describe('the search for ids', () => {
  it.each([
    ["it('DOOR-01: closes', () => {", ['DOOR-01']],
    ["])('closes %s (DOOR-01, DOOR-12)', (name) => {", ['DOOR-01', 'DOOR-12']],
    ["    'DOOR-01: a title on a line of its own',", ['DOOR-01']],
    ['  `DOOR-01: a title that is computed`,', ['DOOR-01']],
    ["  ['a row of a table (DOOR-01)', { kind: 'reset' }],", ['DOOR-01']],
    ["it('leads to https://a.example (DOOR-01)', () => {", ['DOOR-01']],
    ["it('DOOR-01: closes', close); // not DOOR-02", ['DOOR-01']],
  ])('reads the title in %s', (source, ids) => {
    expect([...findIds(source, [door()])]).toEqual(ids);
  });

  it.each([
    "// it('DOOR-01: is commented out', () => {",
    " * The id 'DOOR-01' in a comment",
    "/** 'DOOR-01' */",
    "  const name = 'text'; // DOOR-01 holds here",
    'const value = DOOR-01;',
    "it('reads INDOOR-01, UTF-8 and SHA-256', () => {",
  ])('finds nothing in %s', (source) => {
    expect([...findIds(source, [door()])]).toEqual([]);
  });
});

describe('the check', () => {
  const good: Requirement = { id: 'DOOR-01', must: 'A door closes.', source: 'bug report' };
  const problemsOf = (
    rows: readonly Requirement[],
    titles: readonly string[] = ['DOOR-01'],
  ): readonly string[] =>
    findProblems([door(rows)], new Map(titles.map((id) => [id, ['packages/a/test/a.test.ts']])));

  it('accepts a row with a test, a plan, a reason, or the test of another row', () => {
    const planned = { ...good, id: 'DOOR-02', planned: 'the proxy package' };
    const reasoned = { ...good, id: 'DOOR-03', reason: 'A rule for documents.' };
    const shared = { ...good, id: 'DOOR-04', heldBy: ['DOOR-01'] };

    expect(problemsOf([good, planned, reasoned, shared])).toEqual([]);
  });

  it.each<[string, string, readonly Requirement[], (readonly string[])?]>([
    ['a row without any state', 'has neither', [good], []],
    ['an id that has no row', 'is in a test title', [good], ['DOOR-01', 'DOOR-02']],
    ['an id that is there twice', 'is there twice', [good, good]],
    ['an unknown holder', 'cannot be held', [{ ...good, heldBy: ['DOOR-02'] }]],
    [
      'a holder without a test',
      'cannot be held',
      [
        { ...good, heldBy: ['DOOR-02'] },
        { ...good, id: 'DOOR-02', planned: 'later' },
      ],
    ],
    ['a reason beside a test', 'out of date', [{ ...good, reason: 'A rule for documents.' }]],
    [
      'a reason beside a plan',
      'out of date',
      [{ ...good, reason: 'A rule for documents.', planned: 'later' }],
      [],
    ],
    ['an id of another group', 'no id of DOOR', [{ ...good, id: 'GATE-01', planned: 'later' }], []],
    ['a fragment', 'no sentence', [{ ...good, must: 'only doors' }]],
    ['a row without a source', 'no source', [{ ...good, source: '' }]],
    ['an unknown member', 'unknown member', [{ ...good, plan: 'later' } as Requirement]],
  ])('reports %s', (_case, problem, rows, titles) => {
    expect(problemsOf(rows, titles)).toEqual([expect.stringContaining(problem)]);
  });
});

describe('the page', () => {
  it('shows the state of every row, its tests and the sums', () => {
    const row = { must: 'A door | closes.', source: 'bug report' };
    const rows = [
      { ...row, id: 'DOOR-01' },
      { ...row, id: 'DOOR-02', heldBy: ['DOOR-01'], planned: 'the garden' },
      { ...row, id: 'DOOR-03', reason: 'A rule.' },
    ];
    const page = writePage([door(rows)], new Map([['DOOR-01', ['packages/a/test/b/c.test.ts']]]));

    expect(page).toContain('| [Doors](#doors) | 3 | 1 | 1 | 1 |');
    expect(page).toContain(
      '| DOOR-01 | A door \\| closes. | bug report | held by [a/b/c](../packages/a/test/b/c.test.ts) |',
    );
    expect(page).toContain('| held by the tests of DOOR-01; planned: the garden |');
    expect(page).toContain('| no test: A rule. |');
  });
});

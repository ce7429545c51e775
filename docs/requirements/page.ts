/** Writes `docs/requirements.md`. */
import {
  type Requirement,
  type RequirementGroup,
  type TestsById,
  testsOf,
} from './requirements.ts';

type State = 'held' | 'planned' | 'no test';

const introduction = `# Requirements

This page lists what Sallyport must do, where each requirement comes from, and which tests hold it.
It is generated from the JSON files in [requirements](requirements) and from the titles of all tests.
Do not edit it. Run \`npx --yes pnpm@12 requirements\` after a change of either.

- **An id in a test title links the test to its row**: \`it('TOK-08: refuses padding', …)\`.
- **held by**: the files whose titles carry the id. A row can also be held by the tests of other rows.
- **planned**: later work brings the tests, or the rest of them.
- **no test**: the row says why.
- **bug report** as a source means a report about this or a similar project.

A test fails if a title names an unknown id, or if a row has none of these states.
`;

/** The whole page. */
export function writePage(groups: readonly RequirementGroup[], tests: TestsById): string {
  return [
    introduction,
    writeSummary(groups, tests),
    ...groups.map((group) => writeGroup(group, tests)),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n');
}

/** How many rows of all groups have each state. */
export function countStates(
  groups: readonly RequirementGroup[],
  tests: TestsById,
): Readonly<Record<State, number>> {
  const counts = { held: 0, planned: 0, 'no test': 0 };
  for (const row of groups.flatMap(({ rows }) => rows)) counts[stateOf(row, tests)] += 1;
  return counts;
}

function stateOf(row: Requirement, tests: TestsById): State {
  if (row.planned !== undefined) return 'planned';
  return testsOf(row, tests).length > 0 ? 'held' : 'no test';
}

function writeSummary(groups: readonly RequirementGroup[], tests: TestsById): string {
  const line = (name: string, some: readonly RequirementGroup[]): string => {
    const { held, planned, 'no test': without } = countStates(some, tests);
    return `| ${name} | ${held + planned + without} | ${held} | ${planned} | ${without} |`;
  };
  return [
    '| group | rows | held | planned | no test |',
    '|---|---|---|---|---|',
    ...groups.map((group) => line(`[${group.title}](#${anchorOf(group.title)})`, [group])),
    line('all', groups),
    '',
  ].join('\n');
}

function writeGroup({ title, about, rows }: RequirementGroup, tests: TestsById): string {
  return [
    `## ${title}`,
    '',
    about,
    '',
    '| id | what must hold | source | state |',
    '|---|---|---|---|',
    ...rows.map(
      (row) =>
        `| ${[row.id, row.must, row.source, writeState(row, tests)].map(inCell).join(' | ')} |`,
    ),
    '',
  ].join('\n');
}

function writeState(row: Requirement, tests: TestsById): string {
  const own = (tests.get(row.id) ?? []).map(linkTo);
  const others = row.heldBy?.length ? [`the tests of ${row.heldBy.join(', ')}`] : [];
  const holders = [...own, ...others].join(', ');
  return [
    ...(holders === '' ? [] : [`held by ${holders}`]),
    ...(row.planned === undefined ? [] : [`planned: ${row.planned}`]),
    ...(row.reason === undefined ? [] : [`no test: ${row.reason}`]),
  ].join('; ');
}

/** `packages/core/test/guard.test.ts` is shown as `core/guard`. */
function linkTo(file: string): string {
  const [, workspace = '', path = ''] = /^[^/]+\/([^/]+)\/(.+)$/.exec(file) ?? [];
  const name = path.replace(/^(?:test|src)\//, '').replace(/(?:\.test)?\.ts$/, '');
  return `[${workspace}/${name}](../${file})`;
}

function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}

function inCell(text: string): string {
  return text.replaceAll('|', '\\|');
}

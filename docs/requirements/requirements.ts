/** The requirements of this repository, and the tests that hold them. */
import { globSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** One behaviour that must hold. */
export interface Requirement {
  /** The prefix of its group and a number, such as `TOK-08`. Test titles carry it. */
  readonly id: string;
  /** What must hold, in one or two sentences. */
  readonly must: string;
  /** Where the requirement comes from: an RFC, a CVE, a specification or a bug report. */
  readonly source: string;
  /** Other requirements whose tests hold this one too. */
  readonly heldBy?: readonly string[];
  /** The later work that brings the tests, or the rest of them. */
  readonly planned?: string;
  /** Why no test can hold it. */
  readonly reason?: string;
}

/** The requirements of one subject, in one JSON file. */
export interface RequirementGroup {
  /** What all its ids start with. */
  readonly prefix: string;
  readonly title: string;
  /** One or two sentences below the title. */
  readonly about: string;
  readonly rows: readonly Requirement[];
}

/** Test files by the id in their titles, relative to the repository. */
export type TestsById = ReadonlyMap<string, readonly string[]>;

const folder: string = dirname(fileURLToPath(import.meta.url));
const root: string = join(folder, '../..');
const testFiles: readonly string[] = [
  '{packages,apps,tools}/*/{test,nightly}/**/*.ts',
  // Its suites run in the tests of other packages.
  'packages/contract-tests/src/**/*.ts',
];
const members: readonly string[] = ['id', 'must', 'source', 'heldBy', 'planned', 'reason'];

/** Reads the groups from the JSON files beside this file, in the order of the file names. */
export function readGroups(): readonly RequirementGroup[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')));
}

/** Reads all tests of the repository, and finds the ids in their titles. */
export function findTests(groups: readonly RequirementGroup[]): TestsById {
  const tests = new Map<string, string[]>();
  const files = testFiles.flatMap((pattern) => globSync(pattern, { cwd: root })).sort();
  for (const file of files) {
    for (const id of findIds(readFileSync(join(root, file), 'utf8'), groups)) {
      tests.set(id, [...(tests.get(id) ?? []), file]);
    }
  }
  return tests;
}

/**
 * Finds the ids in the titles of a test file, those of table rows included: ids in quoted text.
 * Ids in comments do not count.
 */
export function findIds(source: string, groups: readonly RequirementGroup[]): ReadonlySet<string> {
  const prefixes = groups.map(({ prefix }) => prefix).join('|');
  const id = new RegExp(`\\b(?:${prefixes})-\\d+\\b`, 'g');
  const lines = source.split('\n').filter((line) => !/^\s*(?:\/\/|\/\*|\*)/.test(line));
  const quoted = lines.map((line) => /['"`].*/.exec(line.replace(/\s\/\/\s.*$/, ''))?.[0] ?? '');
  return new Set(quoted.flatMap((text) => text.match(id) ?? []));
}

/** The test files that hold a requirement, its own first. */
export function testsOf({ id, heldBy = [] }: Requirement, tests: TestsById): readonly string[] {
  return [id, ...heldBy].flatMap((one) => tests.get(one) ?? []);
}

/** What is wrong with the data, or missing in it. Empty if each requirement has a known state. */
export function findProblems(
  groups: readonly RequirementGroup[],
  tests: TestsById,
): readonly string[] {
  const rows = groups.flatMap((group) => group.rows);
  const known = new Set(rows.map(({ id }) => id));
  const unknown = [...tests.keys()].filter((id) => !known.has(id));
  return [
    ...unknown.map((id) => `${id}: is in a test title and not in docs/requirements`),
    ...groups.flatMap(({ prefix, rows }) => rows.flatMap((row) => findFormProblems(row, prefix))),
    ...rows
      .filter(({ id }, index) => rows.findIndex((row) => row.id === id) !== index)
      .map(({ id }) => `${id}: is there twice`),
    ...rows.flatMap((row) => findStateProblems(row, tests)),
  ];
}

function findFormProblems(row: Requirement, prefix: string): readonly string[] {
  const { id, must, source } = row;
  const problems = Object.keys(row)
    .filter((member) => !members.includes(member))
    .map((member) => `${id}: has the unknown member ${member}`);
  if (!new RegExp(`^${prefix}-\\d{2,}$`).test(id)) problems.push(`${id}: is no id of ${prefix}`);
  if (!/^[A-Z0-9`].+\.$/.test(must)) problems.push(`${id}: "must" is no sentence`);
  if (!source) problems.push(`${id}: has no source`);
  return problems;
}

function findStateProblems(row: Requirement, tests: TestsById): readonly string[] {
  const { id, heldBy = [], planned, reason } = row;
  const isHeld = testsOf(row, tests).length > 0;
  const problems = heldBy
    .filter((other) => (tests.get(other) ?? []).length === 0)
    .map((other) => `${id}: cannot be held by ${other}, which has no test of its own`);
  if (!isHeld && !planned && !reason) {
    problems.push(`${id}: has neither a test, nor "planned", nor "reason"`);
  }
  if (reason !== undefined && (isHeld || planned !== undefined)) {
    problems.push(`${id}: has a test or a plan, so its "reason" is out of date`);
  }
  return problems;
}

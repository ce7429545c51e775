import { describe, expect, it } from 'vitest';
import { readArguments, type Sample, usage } from '../src/arguments.ts';
import { groups } from '../src/groups.ts';
import { activationOf } from '../src/in-process/outcomes.ts';
import { type StrykerReport, scoreFiles, scoreOf, writeScores } from '../src/mutation-report.ts';
import { choose } from '../src/sample.ts';
import { createSampleIgnorer } from '../src/sample-ignorer.ts';

const namesOf = (words: readonly string[]) => {
  const read = readArguments(words);
  return 'groups' in read ? read.groups.map(({ name }) => name) : read;
};

describe('the command line', () => {
  it('mutates the groups that have a minimum, unless it names others', () => {
    expect(namesOf([])).toEqual(['guard', 'claims', 'claim-rules', 'gate']);
    expect(namesOf(['keys', 'gate'])).toEqual(['gate', 'keys']);
  });

  it('takes files, a folder of tests, a sample and a concurrency', () => {
    const words =
      'gate --files a.ts --files b.ts --tests test/a.test.ts --sample 5 --seed x --concurrency 2';

    expect(readArguments(words.split(' '))).toMatchObject({
      groups: [{ name: 'gate', files: ['a.ts', 'b.ts'], tests: ['test/a.test.ts'] }],
      sample: { size: 5, seed: 'x' },
      concurrency: 2,
      fresh: false,
    });
  });

  it.each([
    ['doors', 'doors is no group'],
    ['--files a.ts', 'exactly one group'],
    ['keys gate --tests test', 'exactly one group'],
    ['--sample 0 --seed 1', '--sample must be 1 or more'],
    ['--sample 5', 'together'],
    ['--seed 5', 'together'],
    ['--concurrency two', '--concurrency must be 1 or more'],
    ['--unknown', '--unknown'],
  ])('explains what is wrong with: %s', (line, problem) => {
    expect(readArguments(line.split(' '))).toEqual({ problem: expect.stringContaining(problem) });
  });

  it('lists every group in its help', () => {
    expect(readArguments(['gate', '--help'])).toEqual({ help: true });
    for (const { name } of groups) expect(usage).toContain(`  ${name} `);
  });
});

const mutant = (line: number, status = 'Killed') => ({
  mutatorName: 'BooleanLiteral',
  replacement: 'false',
  status,
  location: { start: { line, column: 1 }, end: { line, column: 5 } },
});

describe('a sample', () => {
  const all = Array.from({ length: 100 }, (_, line) => ({ ...mutant(line), fileName: 'src/a.ts' }));
  const linesOf = (mutants: typeof all, sample: Sample) =>
    choose(mutants, sample).map(({ location }) => location.start.line);

  it('is the same for the same seed, and another one for another seed', () => {
    const chosen = linesOf(all, { size: 10, seed: '1' });

    expect(chosen).toHaveLength(10);
    expect(linesOf([...all].reverse(), { size: 10, seed: '1' })).toEqual(chosen);
    expect(linesOf(all, { size: 10, seed: '2' })).not.toEqual(chosen);
  });

  it('is the same by the paths of Stryker and those of its report', () => {
    const absolute = all.map((one) => ({ ...one, fileName: '/tmp/copy/packages/x/src/a.ts' }));

    expect(linesOf(absolute, { size: 10, seed: '1' })).toEqual(
      linesOf(all, { size: 10, seed: '1' }),
    );
  });

  it('of some mutants has all that the sample of all mutants has of them', () => {
    const some = all.slice(0, 60);
    const expected = linesOf(all, { size: 10, seed: '1' }).filter((line) => line < 60);

    expect(linesOf(some, { size: 10, seed: '1' })).toEqual(expect.arrayContaining(expected));
  });
});

describe('the plugin that keeps Stryker to the sample', () => {
  const at = (line: number, column: number) => ({ line, column });
  // A block from 10:5 to 20:6, and a word in it from 12:3 to 12:9. Columns of Babel begin with 0.
  const block = { start: at(10, 5), end: at(20, 6) };
  const word = { start: at(12, 3), end: at(12, 9) };
  const isIgnored = (chosen: readonly (typeof block)[], start: object, end: object) =>
    createSampleIgnorer(chosen).shouldIgnore({ node: { loc: { start, end } } }) !== undefined;

  it('runs a chosen node and what stands around it, and leaves out its parts', () => {
    expect(isIgnored([block], at(1, 0), at(99, 0))).toBe(false);
    expect(isIgnored([block], at(10, 4), at(20, 5))).toBe(false);
    expect(isIgnored([block], at(10, 5), at(20, 5))).toBe(true);
    expect(isIgnored([block], at(10, 4), at(20, 4))).toBe(true);
    expect(isIgnored([block], at(12, 2), at(12, 8))).toBe(true);
  });

  it('runs a chosen part of a chosen node', () => {
    expect(isIgnored([block, word], at(12, 2), at(12, 8))).toBe(false);
    expect(isIgnored([block, word], at(11, 0), at(13, 0))).toBe(false);
    expect(isIgnored([block, word], at(13, 0), at(14, 0))).toBe(true);
  });

  it('leaves nodes without a place to Stryker', () => {
    expect(createSampleIgnorer([]).shouldIgnore({ node: { loc: null } })).toBeUndefined();
    expect(createSampleIgnorer([]).shouldIgnore({ node: {} })).toBeUndefined();
  });
});

it('activates a mutant before its module is loaded, if Stryker loads the modules anew for it', () => {
  const runtime = { mutantActivation: 'runtime' } as const;

  expect(activationOf({ ...runtime, reloadEnvironment: true })).toBe('static');
  expect(activationOf({ ...runtime, reloadEnvironment: false })).toBe('runtime');
});

describe('the report', () => {
  const source = 'true\ntrue\ntrue\ntrue\ntrue\n';
  const statuses = ['Killed', 'Timeout', 'Survived', 'NoCoverage', 'CompileError'];
  const mutants = statuses.map((status, index) => mutant(index + 1, status));
  const report: StrykerReport = { files: { 'src/a.ts': { source, mutants } } };

  it('counts what tests noticed, without mutants that did not run', () => {
    const files = scoreFiles(report);

    expect(files).toMatchObject([{ file: 'src/a.ts', mutants: 4, killed: 2 }]);
    expect(scoreOf(files)).toBe(50);
    expect(scoreOf([])).toBe(100);
  });

  it('counts only the sample', () => {
    const sample = { size: 2, seed: '1' };
    const chosen = choose(
      mutants.map((one) => ({ ...one, fileName: 'src/a.ts' })),
      sample,
    );
    const killed = chosen.filter(({ status }) => status === 'Killed' || status === 'Timeout');

    expect(scoreFiles(report, sample).map((file) => file.killed)).toEqual([killed.length]);
  });

  it('shows each survivor with its place and its change', () => {
    const text = writeScores('gate', scoreFiles(report));

    expect(text).toContain('## gate: 50.0 % killed');
    expect(text).toContain('| src/a.ts | 4 | 2 | 2 |');
    expect(text).toContain('src/a.ts:3:1 BooleanLiteral\n    true  →  false');
    expect(text).toContain('src/a.ts:4:1 BooleanLiteral, which no test reaches');
  });
});

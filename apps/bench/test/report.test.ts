import { describe, expect, it } from 'vitest';
import { isMet, type Target } from '../src/groups/target.ts';
import { parseMemoryFigures } from '../src/report/memory-figures.ts';
import { createProgress } from '../src/report/progress.ts';
import { renderReport } from '../src/report/report.ts';

const format = (value: number) => `${value} µs`;
const circumstances = {
  date: '2031-02-03',
  node: 'v24.11.0',
  processor: 'Some CPU',
  core: 2,
  effort: { rounds: 35, sliceMs: 30, warmUpMs: 200, ringSize: 2_000 },
  versions: ['jose 6.2.17'],
};

describe('a target', () => {
  const target = (sense: Target['sense'], measured: number) => ({
    what: 'a verification',
    bound: 2,
    sense,
    measured,
    format,
  });

  it.each([
    ['at least', 2, true],
    ['at least', 1.99, false],
    ['at most', 2, true],
    ['at most', 2.01, false],
    ['at most', Number.NaN, false],
    ['at least', Number.NaN, false],
  ] as const)('of %s 2, with %d measured, is met: %s', (sense, measured, met) => {
    expect(isMet(target(sense, measured))).toBe(met);
  });

  it('is shown beside what was measured, and whether it is met', () => {
    const section = { title: 'Hot', blocks: [], targets: [target('at most', 3)] };

    expect(renderReport([section], circumstances)).toMatch(
      /\| a verification \| +≤ 2 µs \| +3 µs \| +no \|/,
    );
  });
});

describe('renderReport', () => {
  it('says when, on what and with which versions it was measured', () => {
    const report = renderReport([], circumstances);

    for (const fact of ['2031-02-03', 'Node.js 24.11.0', 'Some CPU', 'pinned', 'jose 6.2.17']) {
      expect(report).toContain(fact);
    }
    expect(report).not.toContain('not pinned');
    expect(renderReport([], { ...circumstances, core: undefined })).toContain('not pinned');
  });

  it('shows each section with its drawings before its tables', () => {
    const section = { title: 'Cold', blocks: ['| table |'], targets: [], charts: { 'a.svg': '' } };

    expect(renderReport([section], circumstances)).toMatch(
      /\n\n## Cold\n\n!\[Cold\]\(a\.svg\)\n\n\| table \|\n$/,
    );
  });
});

describe('progress', () => {
  const record = (isTTY: boolean) => {
    const written: string[] = [];
    const progress = createProgress({
      isTTY,
      write: (text: unknown) => written.push(`${text}`) > 0,
    });
    for (const what of [
      'cold: RS256, round 1 of 2',
      'cold: RS256, round 2 of 2',
      'hot: round 1 of 2',
    ]) {
      progress.show(what);
    }
    progress.end();
    return written;
  };

  it('is one line on a terminal, and leaves nothing behind', () => {
    expect(record(true)).toHaveLength(4);
    expect(record(true).every((text) => text.startsWith('\r') && !text.includes('\n'))).toBe(true);
    expect(record(true).at(-1)).toBe('\r\u001b[K');
  });

  it('is a line for each new thing elsewhere', () => {
    expect(record(false)).toEqual(['cold: RS256\n', 'hot\n']);
  });
});

it('takes figures of memory, and nothing in their place', () => {
  const figures = { ours: 1, fastJwt: 2, limiter: 3 };

  expect(parseMemoryFigures(JSON.stringify(figures))).toEqual(figures);
  expect(() => parseMemoryFigures('{"ours":1,"fastJwt":"2","limiter":3}')).toThrow(TypeError);
});

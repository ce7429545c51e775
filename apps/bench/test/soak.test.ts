import { describe, expect, it } from 'vitest';
import {
  judgeAnswers,
  judgeLatency,
  judgeMachine,
  judgeServer,
  percentile,
  robustSlope,
  type TimedSample,
} from '../src/soak/judge.ts';
import { parseSoakOptions, soakHelp } from '../src/soak/options.ts';

const mebibyte = 1_024 * 1_024;

/** Samples of a server whose heap grows by so many MiB per minute, with a collection that came late. */
function samplesOf(perMinute: number, eventLoopP99 = 5): readonly TimedSample[] {
  return Array.from({ length: 21 }, (_, index) => ({
    at: index * 30,
    heap: (40 + (perMinute * index) / 2 + (index === 10 ? 100 : 0)) * mebibyte,
    residentSet: 120 * mebibyte,
    eventLoopP99,
    eventLoopMaximum: 20,
  }));
}

const verdictsOf = (samples: readonly TimedSample[]) =>
  judgeServer('server', samples).map(({ isRight }) => isRight);

const loadOf = (answers: Readonly<Record<string, number>>, flood: readonly number[] = [1]) => ({
  answers: new Map([['garbage', new Map(Object.entries(answers))]]),
  latencies: { quiet: [1, 1, 2], flood },
  lateMs: 1,
});

describe('soak', () => {
  it.each([
    [[], { kind: 'run', options: { seconds: 600, rate: 200, json: false } }],
    [
      ['--seconds', '120', '--rate=50', '--json'],
      { kind: 'run', options: { seconds: 120, rate: 50, json: true } },
    ],
    [['--help'], { kind: 'help' }],
    [['--seconds', 'ten'], { kind: 'mistake', message: '--seconds takes 30 to 86400' }],
    [['--rate', '0'], { kind: 'mistake', message: '--rate takes 10 to 5000' }],
    [['--fast'], { kind: 'mistake', message: expect.stringContaining('--fast') }],
  ])('OPS-15: reads %j', (args, request) => {
    expect(parseSoakOptions(args)).toEqual(request);
    for (const word of ['--seconds', '--rate', '--json', '--help'])
      expect(soakHelp).toContain(word);
  });

  it.each([
    ['flat', samplesOf(0), [true, true, true]],
    ['growing by 1 MiB per minute', samplesOf(1), [false, true, true]],
    ['too few to tell', samplesOf(0).slice(0, 3), [false, false, true]],
    ['of a blocked event loop', samplesOf(0, 80), [true, true, false]],
  ])('OPS-15: judges samples that are %s', (_, samples, verdicts) => {
    expect(verdictsOf(samples)).toEqual(verdicts);
  });

  it.each([
    ['an answer of the right class', { 401: 5, 429: 90 }, true],
    ['one of another class', { 401: 5, 500: 1 }, false],
    ['no answer at all', {}, false],
  ])('OPS-15: judges %s', (_, answers, isRight) => {
    const [check] = judgeAnswers([{ name: 'garbage', right: ['401', '429'] }], loadOf(answers));

    expect(check?.isRight).toBe(isRight);
  });

  it('OPS-15: judges what floods cost valid callers, and not without figures', () => {
    expect(judgeLatency(loadOf({}, [10])).isRight).toBe(true);
    expect(judgeLatency(loadOf({}, [80])).isRight).toBe(false);
    expect(judgeLatency(loadOf({}, [])).isRight).toBe(false);
  });

  it('OPS-15: says when the machine is too busy to tell', () => {
    expect(judgeMachine({ ...loadOf({}), lateMs: 1 }).isRight).toBe(true);
    expect(judgeMachine({ ...loadOf({}), lateMs: 90 }).isRight).toBe(false);
  });

  it('OPS-15: is not misled by single figures', () => {
    expect(percentile([3, 1, 2], 0.5)).toBe(2);
    expect(
      robustSlope([
        [0, 0],
        [1, 2],
        [2, 900],
        [3, 6],
        [4, 8],
      ]),
    ).toBe(2);
  });
});

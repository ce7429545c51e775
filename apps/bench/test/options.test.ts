import { describe, expect, it } from 'vitest';
import { effortOf, helpText, isWhole, parseOptions } from '../src/options.ts';

const groups = ['cold', 'hot'];

describe('parseOptions', () => {
  it.each([
    ['everything by default', [], { quick: false, only: groups }],
    ['a quick run', ['--quick'], { quick: true, only: groups }],
    ['one group', ['--only', 'hot'], { quick: false, only: ['hot'] }],
    ['several groups', ['--only=hot', '--only=cold'], { quick: false, only: ['hot', 'cold'] }],
  ])('reads %s', (_, args, options) => {
    expect(parseOptions(args, groups)).toEqual({ kind: 'run', options });
  });

  it.each([['--help'], ['-h']])('reads %s', (flag) => {
    expect(parseOptions([flag], groups)).toEqual({ kind: 'help' });
  });

  it.each([
    ['an unknown option', ['--fast'], /--fast/],
    ['a word', ['quick'], /quick/],
    ['a value where there is none', ['--quick=yes'], /--quick/],
    ['no value where there is one', ['--only'], /--only/],
    ['an unknown group', ['--only', 'warm'], /cold, hot; not warm/],
  ])('calls %s a mistake', (_, args, message) => {
    expect(parseOptions(args, groups)).toEqual({
      kind: 'mistake',
      message: expect.stringMatching(message),
    });
  });
});

it('explains every option and names every group', () => {
  for (const word of ['--quick', '--only', '--help', ...groups]) {
    expect(helpText(groups)).toContain(word);
  }
});

it('writes the results of whole runs only', () => {
  expect(isWhole({ quick: false, only: groups }, groups)).toBe(true);
  expect(isWhole({ quick: true, only: groups }, groups)).toBe(false);
  expect(isWhole({ quick: false, only: ['hot'] }, groups)).toBe(false);
});

it('measures for at least 15 rounds, and less when it is to be quick', () => {
  const whole = effortOf({ quick: false, only: groups });
  const quick = effortOf({ quick: true, only: groups });

  expect(whole.rounds).toBeGreaterThanOrEqual(15);
  expect(quick.rounds * quick.sliceMs).toBeLessThan(whole.rounds * whole.sliceMs);
});

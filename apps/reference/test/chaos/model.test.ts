import { expect, it } from 'vitest';
import { type Caller, createJudge, type Effect, type Outcome, reportLimit } from './model.ts';

const during = (...effects: readonly Effect[]) =>
  createJudge([{ name: 'a fault', effects, from: 1_000, to: 2_000 }], []);
const outcome = (caller: Caller, result: string, startedAt = 1_500, tookMs = 10): Outcome => ({
  ...{ caller, result, startedAt, endedAt: startedAt + tookMs, instance: 0 },
});

it.each<[Caller, string, readonly Effect[]]>([
  ['good token', '500', ['instance killed', 'no keys', 'notes away', 'slow machine']],
  ['good token', 'hang', ['instance killed', 'no keys', 'notes away', 'slow machine']],
  ['good token', '401', ['no keys', 'counts alone', 'instance stopped']],
  ['good token', '503', ['counts alone', 'notes away']],
  ['good token', 'notes away', ['notes away']],
  ['bad token', '200', ['no keys', 'counts alone']],
  ['write note', 'notes away', ['counts alone', 'instance killed']],
  ['list notes', "another's notes", ['notes away']],
  ['note of another', "another's note", ['notes away']],
  ['session of another', '200', ['instance killed']],
  ['SDK v2', 'new session', ['instance killed']],
])('CASE-53: the model finds %s with %s wrong', (caller, result, effects) => {
  expect(during(...effects).findFault(outcome(caller, result))).toContain(result);
});

it('CASE-53: the model allows what a fault explains, while it lasts, and no longer', () => {
  const judge = during('notes away');

  expect(judge.findFault(outcome('write note', 'notes away'))).toBeUndefined();
  expect(judge.findFault(outcome('write note', 'notes away', 2_001))).toContain('notes away');
  expect(during('instance killed').findFault(outcome('SDK v2', '503'))).toBeUndefined();
  expect(during('instance killed').findFault(outcome('good token', '503'))).toContain('503');
});

it('CASE-53: the model finds an answer after 8 seconds wrong, unless the machine was late', () => {
  const late = outcome('good token', '200', 0, 9_000);

  expect(createJudge([], []).findFault(late)).toContain('took 9000 ms');
  expect(createJudge([], [{ from: 0, to: 400 }]).findFault(late)).toBeUndefined();
  expect(createJudge([], [{ from: 9_001, to: 9_900 }]).findFault(late)).toContain('took 9000 ms');
});

it('RL-20: the model counts the calls of each window, and leaves out instances that were alone', () => {
  const calls = [0, 100, 4_000, 5_200].map((at) => outcome('greedy caller', '200', at, 1));

  expect(reportLimit(calls, 5_000, [])).toEqual({ fullestShared: 3, fullest: 3 });
  expect(reportLimit(calls, 5_000, [{ instance: 0, from: 50, to: 200 }])).toEqual({
    fullestShared: 2,
    fullest: 3,
  });
  expect(reportLimit(calls, 5_000, [{ instance: 1, from: 50, to: 200 }]).fullestShared).toBe(3);
});

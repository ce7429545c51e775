import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { describeInstant, describeSeconds } from '../src/terminal/describe-time.ts';
import { printable } from '../src/terminal/printable.ts';
import { withProgress } from '../src/terminal/progress.ts';

it.each<[unknown, string]>([
  ['plain', 'plain'],
  ['\u001b[31mred\u202e', '\\u001b[31mred\\u202e'],
  [{ a: ['é'] }, '{"a":["\\u00e9"]}'],
  [undefined, 'absent'],
  ['x'.repeat(201), `${'x'.repeat(200)}...`],
])('makes %j fit for a terminal', (value, text) => {
  expect(printable(value)).toBe(text);
});

it.each([
  [0, '0 seconds'],
  [1.9, '1 second'],
  [-90, '2 minutes'],
  [7_200, '2 hours'],
  [86_400, '1 day'],
])('describes %d seconds as %s', (seconds, text) => {
  expect(describeSeconds(seconds)).toBe(text);
});

it('describes a time, and what is none as it is', () => {
  expect(describeInstant(1_795_845_600)).toBe('2026-11-28 06:00:00 UTC');
  expect(describeInstant(1e20)).toBe('100000000000000000000');
});

it.each([
  [true, ['  Asking ...', '\r\u001b[2K']],
  [false, ['Asking ...\n']],
])(
  'says after a second what it waits for; on a terminal (%j) the line disappears',
  async (isTTY, said) => {
    const written: string[] = [];
    const errors = { isTTY, write: (text: string) => written.push(text) };

    expect(await withProgress({ errors }, 'Asking', async () => 1)).toBe(1);
    expect(written).toEqual([]);
    expect(await withProgress({ errors }, 'Asking', () => sleep(1_200, 2))).toBe(2);
    expect(written).toEqual(said);
  },
);

/** What one slip of the hand can do: nothing, or stop the start. Never weaken it. */
import { describe, expect, it } from 'vitest';
import type { Config } from '../src/index.ts';
import { canaries, goodConfigurations } from './good-configurations.ts';
import { boot, type Outcome, weaknesses } from './mutation-trials.ts';
import { type Edit, singleEdits } from './single-edits.ts';

// Hundreds of starts each, which take their time on a busy machine.
const timeout = 120_000;

const configurations = Object.entries(goodConfigurations).map(([name, good], number) => ({
  name,
  good,
  // Each configuration leaves out another third, which the nightly tests try.
  edits: singleEdits(good).filter((_edit, at) => (at + number) % 3 !== 0),
}));

describe.each(configurations)('$name', ({ good, edits }) => {
  /** Starts each edit once, whichever test asks first. */
  let started: Promise<{ readonly edit: Edit; readonly outcome: Outcome }[]> | undefined;
  async function start() {
    const trials = [];
    for (const edit of edits) trials.push({ edit, outcome: await boot(edit.variables) });
    return trials;
  }

  it('boots as it is, and shows no secret (CFG-13)', async () => {
    const outcome = await boot(good);

    expect(outcome.refused, outcome.text).toBeUndefined();
    expect(canaries.filter((canary) => outcome.text.includes(canary))).toEqual([]);
  });

  it('is never weaker after one slip of the hand (CFG-01 to CFG-09)', { timeout }, async () => {
    const { config } = (await boot(good)) as { config: Config };
    started ??= start();
    const weaker: string[] = [];
    for (const { edit, outcome } of await started) {
      if (outcome.refused === undefined) {
        weaker.push(
          ...weaknesses(config, outcome.config, edit).map((why) => `${edit.what}: ${why}`),
        );
      }
    }

    expect(weaker).toEqual([]);
  });

  it('names what was touched where it refuses, and no secret', { timeout }, async () => {
    started ??= start();
    const silent: string[] = [];
    for (const { edit, outcome } of await started) {
      const { what, touched } = edit;
      const { refused, text } = outcome;
      // In one slip a secret may have become nearly itself.
      const shown = canaries.some((canary) => text.includes(canary.slice(4, 16)));
      if (shown) silent.push(`${what} shows a secret`);
      const isNamed = touched.some((name) => text.includes(name));
      if (refused !== undefined && !isNamed) silent.push(`${what}: ${text}`);
    }

    expect(silent).toEqual([]);
  });
});

it('tries at least 2,000 of them', () => {
  const all = configurations.flatMap(({ edits }) => edits);

  expect(configurations).toHaveLength(12);
  expect(all.length).toBeGreaterThanOrEqual(2_000);
});

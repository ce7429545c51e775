/** Every slip of the hand in every place of a text. `test` tries a third of the places. */
import { expect, it } from 'vitest';
import type { Config } from '../src/index.ts';
import { canaries, goodConfigurations } from '../test/good-configurations.ts';
import { boot, weaknesses } from '../test/mutation-trials.ts';
import { allPlaces, singleEdits } from '../test/single-edits.ts';

it.each(Object.entries(goodConfigurations))(
  '%s: is never weaker after one slip of the hand, and names what was touched',
  async (_name, good) => {
    const { config } = (await boot(good)) as { config: Config };
    const wrong: string[] = [];
    for (const edit of singleEdits(good, allPlaces)) {
      const outcome = await boot(edit.variables);
      const isNamed = edit.touched.some((name) => outcome.text.includes(name));
      if (outcome.refused === undefined) {
        const weaker = weaknesses(config, outcome.config, edit);
        wrong.push(...weaker.map((why) => `${edit.what}: ${why}`));
      } else if (!isNamed) wrong.push(`${edit.what}: ${outcome.text}`);
      const isShown = canaries.some((canary) => outcome.text.includes(canary.slice(4, 16)));
      if (isShown) wrong.push(`${edit.what} shows a secret`);
    }

    expect(wrong).toEqual([]);
  },
);

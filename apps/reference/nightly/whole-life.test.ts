import { expect, it } from 'vitest';
import { expectWhole } from '../test/expect-whole.ts';
import { countFates } from '../test/fates.ts';
import { liveUnderLoad, type WholeLife } from '../test/whole-life.ts';

// For a shorter run: LIVES=5.
const count = Number(process.env['LIVES'] ?? 50);

it.each([200, 1_000])(
  'CASE-25: loses no request in 50 lives at %i requests per second, and exits within a second',
  async (perSecond) => {
    const lives: WholeLife[] = [];
    while (lives.length < count) {
      const life = await liveUnderLoad({
        perSecond,
        variables: { FASTMCP_SERVER_AUTH_TYPE: 'static' },
      });
      lives.push(life);
    }
    const exits = lives.map(({ exitMs }) => Math.round(exitMs)).sort((one, other) => one - other);
    const exitMs = {
      shortest: exits[0],
      median: exits[Math.floor(count / 2)],
      longest: exits.at(-1),
    };
    const requests = lives.reduce((sum, { outcomes }) => sum + outcomes.length, 0);
    process.stdout.write(
      `${JSON.stringify({ perSecond, lives: count, requests, ...countFates(lives), exitMs }, undefined, 2)}\n`,
    );

    for (const life of lives) expectWhole(life);
    expect(exits.at(-1)).toBeLessThanOrEqual(1_000);
  },
);

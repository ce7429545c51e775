import { expect, it } from 'vitest';
import { expectWhole } from '../test/expect-whole.ts';
import { countFates } from '../test/fates.ts';
import { liveUnderLoad, type WholeLife } from '../test/whole-life.ts';

const count = 50;

it('CASE-25: loses no request in 50 lives at 200 requests per second, and exits within a second', async () => {
  const lives: WholeLife[] = [];
  while (lives.length < count) {
    const life = await liveUnderLoad({ variables: { FASTMCP_SERVER_AUTH_TYPE: 'static' } });
    lives.push(life);
  }
  const exits = lives.map(({ exitMs }) => Math.round(exitMs)).sort((one, other) => one - other);
  const exitMs = { shortest: exits[0], median: exits[count / 2], longest: exits.at(-1) };
  const requests = lives.reduce((sum, { outcomes }) => sum + outcomes.length, 0);
  process.stdout.write(
    `${JSON.stringify({ lives: count, requests, ...countFates(lives), exitMs }, undefined, 2)}\n`,
  );

  for (const life of lives) expectWhole(life);
  expect(exits.at(-1)).toBeLessThanOrEqual(1_000);
});

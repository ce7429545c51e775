import { it } from 'vitest';
import { rotate } from '../test/rotating.ts';

it('holds its bounds for 4,000,000 addresses that never come back (RL-04, RL-05)', async () => {
  await rotate(4_000_000);
});

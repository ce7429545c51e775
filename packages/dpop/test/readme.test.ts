import { expect, it } from 'vitest';
import { holder, replayed, stolen } from './readme.ts';

it('shows an example that does what it says', () => {
  expect({ holder, replayed, stolen }).toEqual({ holder: 200, replayed: 401, stolen: 401 });
});

import { expect, it } from 'vitest';
import { lookup, replaced } from './readme.ts';

it('shows an example that does what it says', () => {
  const values = [lookup, replaced].map((each) => each.found && each.secret.reveal());

  expect(values).toEqual(['kX3vQ9mZrT7bW2pL', 'bW2pLkX3vQ9mZrT7']);
});

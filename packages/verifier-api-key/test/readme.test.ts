import { expect, it } from 'vitest';
import { name } from './readme.ts';

it('shows an example that does what it says', () => {
  expect(name).toBe('api-key');
});

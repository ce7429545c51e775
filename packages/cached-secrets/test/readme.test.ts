import { expect, it } from 'vitest';
import { events, lookup, next } from './readme.ts';

it('shows an example that does what it says', () => {
  expect(lookup).toMatchObject({ found: true, version: '1' });
  expect(next).toMatchObject({ found: true, version: '2' });
  expect(events).toEqual(['secret_trailing_newline', 'secret_loaded', 'secret_loaded']);
});

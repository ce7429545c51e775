import { expect, it } from 'vitest';
import { lookup } from './readme.ts';

it('shows an example that does what it says', () => {
  expect(lookup).toMatchObject({ found: true, version: expect.stringMatching(/^[0-9a-f-]{36}$/) });
});

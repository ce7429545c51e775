import { expect, it } from 'vitest';

it('runs the example of the README', async () => {
  const { small, large } = await import('./readme.ts');

  expect([small, large]).toEqual([200, 403]);
});

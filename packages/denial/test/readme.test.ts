import { expect, it } from 'vitest';

it('runs the example of the README', async () => {
  const { ada, eve } = await import('./readme.ts');

  expect([ada, eve]).toEqual([200, 403]);
});

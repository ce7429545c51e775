import { expect, it } from 'vitest';

it('runs the example of the README', async () => {
  const { headers, parameters } = await import('./readme.ts');

  expect(headers['authorization']).toMatch(/^Basic /);
  expect(parameters).toEqual({});
});

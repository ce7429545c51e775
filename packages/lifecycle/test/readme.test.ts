import { expect, it } from 'vitest';

it('shows an example that works', async () => {
  const { lifecycle } = await import('./readme.ts');

  expect(lifecycle.state).toBe('closed');
});

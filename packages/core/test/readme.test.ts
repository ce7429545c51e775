import { expect, it } from 'vitest';

it('runs the example of the README', async () => {
  const { signedIn, allowed } = await import('./readme.ts');

  expect(signedIn).toMatchObject({ ok: true, principal: { subject: 'ali' } });
  expect(allowed).toMatchObject({
    ok: false,
    refusal: {
      status: 403,
      headers: { 'WWW-Authenticate': expect.stringContaining('scope="treasure:write"') },
    },
  });
});

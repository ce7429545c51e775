import { expect, it } from 'vitest';
import { client, other } from './certificates.ts';
import { statusFor, stop } from './readme.ts';

it('shows an example that does what it says', async () => {
  expect(await statusFor(client.cert, client.cert)).toBe(200);
  expect(await statusFor(client.cert, other.cert)).toBe(401);
  await stop();
});

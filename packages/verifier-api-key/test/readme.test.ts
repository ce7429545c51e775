import { expect, it } from 'vitest';
import { principal, status } from './readme.ts';

it('shows an example that does what it says', () => {
  expect(principal).toMatchObject({ issuer: 'urn:sallyport:api-key', subject: 'ci@acme-corp.dev' });
  expect(status).toBe('revoked');
});

import type { Principal } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { createSessionOwners } from '../src/session-owners.ts';

const principal = (subject: string, about: Partial<Principal> = {}): Principal => ({
  issuer: 'https://auth.example.com',
  subject,
  clientId: 'client-1',
  audience: [],
  scopes: new Set(),
  expiresAt: 1,
  claims: {},
  ...about,
});

describe('createSessionOwners (MCP-04)', () => {
  it('cannot be confused by where one name ends and the next begins', () => {
    const owners = createSessionOwners(10);
    owners.bind('s', principal('a', { issuer: 'i', clientId: '","b' }));

    expect(owners.owns('s', principal('a","', { issuer: 'i', clientId: 'b' }))).toBe(false);
  });

  it('forgets those that were not used for longest, and no others', () => {
    const owners = createSessionOwners(2);
    const alice = principal('alice');
    owners.bind('1', alice);
    owners.bind('2', alice);
    expect(owners.owns('1', alice)).toBe(true);
    owners.bind('3', alice);

    expect(['1', '2', '3'].map((id) => owners.owns(id, alice))).toEqual([true, false, true]);
  });

  it('does not count a look of somebody else as use', () => {
    const owners = createSessionOwners(2);
    owners.bind('1', principal('alice'));
    owners.bind('2', principal('alice'));
    owners.owns('1', principal('bob'));
    owners.bind('3', principal('alice'));

    expect(owners.owns('1', principal('alice'))).toBe(false);
  });
});

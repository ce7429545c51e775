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
    const owners = createSessionOwners(4);
    const alice = principal('alice');
    owners.bind('1', alice);
    owners.bind('2', alice);
    expect(owners.owns('1', alice)).toBe(true);
    owners.bind('3', alice);

    expect(['1', '2', '3'].map((id) => owners.owns(id, alice))).toEqual([true, false, true]);
  });

  it('does not count a look of somebody else as use', () => {
    const owners = createSessionOwners(4);
    for (const id of ['1', '2']) owners.bind(id, principal('alice'));
    owners.owns('1', principal('bob'));
    for (const id of ['3', '4']) owners.bind(id, principal('alice'));

    expect(owners.owns('1', principal('alice'))).toBe(false);
  });

  it('gives a session to whom it was bound last', () => {
    const owners = createSessionOwners(4);
    owners.bind('1', principal('alice'));
    owners.bind('2', principal('alice'));
    owners.bind('1', principal('bob'));

    expect(owners.owns('1', principal('alice'))).toBe(false);
    expect(owners.owns('1', principal('bob'))).toBe(true);
  });

  it('keeps no more than it may, and a half of them at least', () => {
    const owners = createSessionOwners(1_000);
    const ids = Array.from({ length: 10_000 }, (_, index) => String(index));
    for (const id of ids) owners.bind(id, principal(id));
    const kept = ids.filter((id) => owners.owns(id, principal(id)));

    expect(kept.length).toBeLessThanOrEqual(1_000);
    expect(kept.slice(-500)).toEqual(ids.slice(-500));
  });

  it('lets nobody push out the sessions of others', () => {
    const owners = createSessionOwners(10_000);
    owners.bind('alice', principal('alice'));
    const ids = Array.from({ length: 50_000 }, (_, index) => String(index));
    for (const id of ids) owners.bind(id, principal('mallory'));

    expect(owners.owns('alice', principal('alice'))).toBe(true);
    const kept = ids.filter((id) => owners.owns(id, principal('mallory')));
    expect(kept).toEqual(ids.slice(-100));
  });
});

import { expect, it } from 'vitest';
import { createMemoryStore } from '../src/authorization-server/memory-store.ts';

it('forgets what has expired', async () => {
  const adapter = createMemoryStore()('AccessToken');
  await adapter.upsert('a', { jti: 'a' }, -1);
  await adapter.upsert('b', { jti: 'b' }, 60);

  expect(await adapter.find('a')).toBeUndefined();
  expect(await adapter.find('b')).toEqual({ jti: 'b' });
});

it('forgets the oldest token, and no client, when there are too many', async () => {
  const store = createMemoryStore();
  await store('Client').upsert('client', { client_id: 'client' });
  const tokens = store('AccessToken');
  for (let index = 0; index <= 5_000; index += 1) await tokens.upsert(String(index), {}, 60);

  expect(await tokens.find('0')).toBeUndefined();
  expect(await tokens.find('1')).toEqual({});
  expect(await store('Client').find('client')).toEqual({ client_id: 'client' });
});

it('revokes what a grant has led to', async () => {
  const adapter = createMemoryStore()('AccessToken');
  await adapter.upsert('a', { grantId: 'one' }, 60);
  await adapter.upsert('b', { grantId: 'other' }, 60);

  await adapter.revokeByGrantId('one');

  expect([await adapter.find('a'), await adapter.find('b')]).toEqual([
    undefined,
    { grantId: 'other' },
  ]);
});

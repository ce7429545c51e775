import {
  chmod,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Principal } from '@sallyport/core';
import { connectRedis } from '@sallyport/rate-limit-redis';
import { hasRedis, type RedisServer, startRedis } from '@sallyport/test-parts/redis-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFileDenialStore } from '../src/file.ts';
import {
  addDenied,
  createDenialList,
  createEmptyList,
  type DenialEvent,
  type DenialStore,
  type Denied,
  readDenied,
  removeDenied,
} from '../src/index.ts';
import { createRedisDenialStore } from '../src/redis.ts';

const issuer = 'https://auth.example.com';
const user = { issuer, subject: 'user-1', reason: 'left' } satisfies Denied;
const token = {
  issuer,
  token: 'token-1',
  reason: 'leaked',
  since: 1_700_000_000,
} satisfies Denied;
const now = 1_700_000_000_000;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'denial-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function behaves(store: DenialStore, otherWriter: DenialStore): Promise<void> {
  expect(await readDenied(store)).toBeUndefined();
  await expect(addDenied(store, user, now)).rejects.toThrow(/denial\.store: .* has no list/);
  await expect(removeDenied(store, user, now)).rejects.toThrow(/has no list/);
  expect(await createEmptyList(store, now)).toBe(true);
  expect(await createEmptyList(store, now)).toBe(false);
  expect(await readDenied(store, now)).toEqual([]);

  const names = Array.from({ length: 6 }, (_, index) => `user-${index}`);
  await Promise.all(
    names.map((subject, index) =>
      addDenied(index % 2 === 0 ? store : otherWriter, { ...user, subject }, now),
    ),
  );
  expect((await readDenied(store, now))?.map((each) => each.subject).sort()).toEqual(names);
  expect(await removeDenied(store, { issuer, subject: 'user-1' }, now)).toBe(true);
  expect(await removeDenied(store, { issuer, subject: 'user-1' }, now)).toBe(false);
  for (const subject of names) await removeDenied(store, { issuer, subject }, now);

  await addDenied(store, { ...token, until: 1_700_000_060 }, now);
  await addDenied(store, { ...token, reason: 'found on a paste site' }, now);
  await addDenied(store, { ...user, until: 1_700_000_010 }, now);
  expect(await readDenied(store, now)).toHaveLength(2);
  await addDenied(store, { issuer, client: 'client-1', reason: 'x' }, now + 20_000);
  expect(await readDenied(store, now)).toEqual([
    { ...token, reason: 'found on a paste site' },
    { issuer, client: 'client-1', reason: 'x' },
  ]);
  await expect(addDenied(store, { ...user, reason: '' }, now)).rejects.toThrow(/reason must be/);
  const long = 'x'.repeat(1_000);
  const many = Array.from({ length: 244 }, (_, index) => ({ ...user, subject: `${index}${long}` }));
  const full = JSON.stringify({ version: 1, denied: many });
  expect(await store.replace(await store.read(), full)).toBe(true);
  await expect(addDenied(store, { ...user, subject: long, issuer: long }, now)).rejects.toThrow(
    /more than 256 KiB/,
  );
  expect(await store.replace('something else', 'x')).toBe(false);
  expect(await store.replace(full, '{')).toBe(true);
  await expect(readDenied(store)).rejects.toThrow(/it is not JSON/);
  await expect(addDenied(store, user)).rejects.toThrow(/it is not JSON/);
}

describe('a file', () => {
  it('DEN-06: keeps the list, and loses no change of several writers', async () => {
    const path = join(folder, 'denied.json');
    await behaves(createFileDenialStore({ path }), createFileDenialStore({ path }));

    expect(await readdir(folder)).toEqual(['denied.json']);
  });

  it('keeps its link and its permissions, and stands no lock of a writer that died', async () => {
    const target = join(folder, 'target.json');
    const path = join(folder, 'link.json');
    await writeFile(target, '{"version":1,"denied":[]}');
    await chmod(target, 0o640);
    await symlink(target, path);
    await writeFile(`${target}.lock`, '');
    await utimes(`${target}.lock`, 1, 1);
    await addDenied(createFileDenialStore({ path }), user);

    expect(await readFile(target, 'utf8')).toContain('user-1');
    expect((await stat(target)).mode & 0o777).toBe(0o640);
  });

  it('DEN-02: refuses other bytes, and more than 256 KiB', async () => {
    const path = join(folder, 'other.json');
    const { read } = createFileDenialStore({ path });
    await writeFile(path, Buffer.from([0x22, 0xff, 0x22]));
    await expect(read()).rejects.toThrow(SyntaxError);
    await writeFile(path, 'x'.repeat(262_145));
    await expect(read()).rejects.toThrow(RangeError);
    await writeFile(path, 'x'.repeat(262_144));
    expect(await read()).toHaveLength(262_144);
    await expect(createFileDenialStore({ path: folder }).read()).rejects.toThrow(/EISDIR/);
    expect(() => createFileDenialStore({ path: 'denied.json' })).toThrow(
      'must be an absolute path',
    );
  });

  it('DEN-03: reaches running instances by itself', async () => {
    const path = join(folder, 'live.json');
    const store = createFileDenialStore({ path });
    await createEmptyList(store);
    await expectInForce(store, [store, createFileDenialStore({ path })]);
  });
});

const principal: Principal = {
  issuer,
  subject: 'user-1',
  clientId: 'client-1',
  audience: [],
  scopes: new Set(),
  expiresAt: 4_000_000_000,
  claims: {},
};
const about = {
  principal,
  operation: { name: 'x', scopes: [] },
  clientKey: undefined,
  nowSeconds: Math.floor(Date.now() / 1_000),
  signal: undefined,
};

/** A change reaches every instance without a request that asks for it. */
async function expectInForce(
  writer: DenialStore,
  stores: readonly DenialStore[],
  outage?: { begin: () => Promise<void>; end: () => Promise<void> },
): Promise<void> {
  // A list tells every change of its fault, so one list may tell of several.
  const heard = stores.map((): DenialEvent[] => []);
  const lists = stores.map((store, index) =>
    createDenialList({ store, onEvent: (event) => heard[index]?.push(event) }),
  );
  const eachTells = (about: object) =>
    expect
      .poll(() => heard)
      .toEqual(lists.map(() => expect.arrayContaining([expect.objectContaining(about)])));
  try {
    await Promise.all(lists.map((list) => list.prepare()));
    const codes = async () =>
      Promise.all(lists.map(async (list) => (await list.check(about))?.code));
    const becomes = (code: string | undefined) =>
      expect.poll(codes, { timeout: 20_000, interval: 50 }).toEqual(lists.map(() => code));
    expect(await codes()).toEqual(lists.map(() => undefined));
    await addDenied(writer, user);
    await becomes('caller_denied');
    if (outage !== undefined) {
      await outage.begin();
      await eachTells({ type: 'denial_list_unavailable' });
      expect(await codes()).toEqual(lists.map(() => 'caller_denied'));
      await outage.end();
      // Its memory is gone. The entry must not be.
      await eachTells({ type: 'denial_list_unavailable', reason: 'missing' });
      expect(await codes()).toEqual(lists.map(() => 'caller_denied'));
      await createEmptyList(writer);
    } else {
      await removeDenied(writer, user);
    }
    await becomes(undefined);
  } finally {
    await Promise.all(lists.map((list) => list.close()));
  }
}

describe.skipIf(!hasRedis)('Redis', () => {
  let server: RedisServer;
  let clients: Awaited<ReturnType<typeof connectRedis>>[];

  beforeAll(async () => {
    server = await startRedis();
    // A busy machine is not an outage.
    const connect = () => connectRedis({ url: server.url, timeoutSeconds: 5 });
    clients = [await connect(), await connect()];
  });
  afterAll(async () => {
    for (const client of clients) client.disconnect();
    await server.stop();
  });
  const storeOf = (index: number, key?: string) =>
    createRedisDenialStore({ client: clients[index] as never, ...(key !== undefined && { key }) });

  it('DEN-06: keeps the list, and loses no change of several writers', async () => {
    await behaves(storeOf(0, 'other:list'), storeOf(1, 'other:list'));
  });

  it('DEN-04: reaches every instance; when Redis is killed and comes back empty, nothing opens', async () => {
    await createEmptyList(storeOf(0));
    await expectInForce(storeOf(0), [storeOf(0), storeOf(1)], {
      begin: server.kill,
      async end() {
        await server.start();
        await expect.poll(() => clients[0]?.ping().catch(() => undefined)).toBe('PONG');
      },
    });
  });

  it('closes a connection that answers something else', async () => {
    let dropped = 0;
    const client = {
      get: async () => 7,
      eval: async () => 'x',
      dropConnection: () => {
        dropped += 1;
      },
    };
    const store = createRedisDenialStore({ client });
    await expect(store.read()).rejects.toThrow(TypeError);
    await expect(store.replace('a', 'b')).rejects.toThrow(TypeError);
    const long = createRedisDenialStore({
      client: { ...client, get: async () => 'é'.repeat(131_073) },
    });
    await expect(long.read()).rejects.toThrow(RangeError);

    expect(dropped).toBe(2);
    expect(() => storeOf(0, 'a b')).toThrow('denial.redis.key: must be 1 to 100');
  });
});

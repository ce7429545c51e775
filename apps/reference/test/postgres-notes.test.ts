import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { defaultQuota, type NoteQuota } from '../src/notes/note-quota.ts';
import type { NoteStore } from '../src/notes/notes.ts';
import { findStartProblem, toPostgresFault } from '../src/notes/postgres-fault.ts';
import { openPostgresNotes } from '../src/notes/postgres-notes.ts';
import { readPostgresUrl } from '../src/notes/postgres-url.ts';
import { hasPostgres, type PostgresServer, startPostgres } from './postgres-server.ts';

const note = { title: 'Milk', text: 'Two bottles' };
let people = 0;
/** An owner that no other test has. */
function somebody() {
  people += 1;
  return { issuer: 'https://a.example', subject: `person-${people}` };
}

describe.skipIf(!hasPostgres)('notes in a real PostgreSQL', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  async function open(quota: Partial<NoteQuota> = {}, url = server.url): Promise<NoteStore> {
    const all = { ...defaultQuota, ...quota };
    const store = await openPostgresNotes('NOTES_DATABASE', url, undefined, all);
    onTestFinished(async () => store.close());
    return store;
  }

  it('CASE-53: makes its tables once, although four instances start together', async () => {
    const stores = await Promise.all([open(), open(), open(), open()]);
    const alice = somebody();
    const written = await Promise.all(stores.map((store) => store.write(alice, note)));

    for (const store of stores) {
      const { notes } = await store.list(alice);
      expect(notes.map(({ id }) => id)).toEqual(written.map(({ id }) => id).toSorted());
    }
  });

  it('lists, reads and deletes what was written, page by page', async () => {
    const [store, other] = [await open(), await open()];
    const alice = somebody();
    const ids = [];
    for (let count = 0; count < 7; count += 1) ids.push((await store.write(alice, note)).id);
    const first = await other.list(alice, { limit: 5 });
    const second = await other.list(alice, { limit: 5, cursor: first.nextCursor });

    expect([...first.notes, ...second.notes].map(({ id }) => id)).toEqual(ids.toSorted());
    expect(second).not.toHaveProperty('nextCursor');
    const [id = ''] = ids;
    expect(await other.read(alice, id)).toEqual({ id, ...note });
    expect(await other.delete(alice, id)).toBe(true);
    expect(await store.delete(alice, id)).toBe(false);
    expect(await store.read(alice, id)).toBeUndefined();
  });

  it.each([
    ['another subject', { subject: 'mallory' }],
    ['the same subject of another issuer (CLM-16)', { issuer: 'https://b.example' }],
    ['a subject with a part of the issuer (CLM-16)', { issuer: 'https://a.exampl', subject: 'e' }],
  ])('hides notes from %s', async (_name, change) => {
    const store = await open();
    const alice = somebody();
    const stranger = { ...alice, ...change };
    const { id } = await store.write(alice, note);

    expect(await store.list(stranger)).toEqual({ notes: [] });
    expect(await store.read(stranger, id)).toBeUndefined();
    expect(await store.delete(stranger, id)).toBe(false);
    expect(await store.read(alice, id)).toBeDefined();
  });

  it('takes hostile text as text, in a database of another encoding', async () => {
    const store = await open();
    const owner = { issuer: "'; --", subject: `\0\u{1f511}${'a'.repeat(5_000)}` };
    const hostile = {
      title: "'; DROP TABLE sallyport_notes; --",
      text: '\0\u202e\u{1f511}<script>',
    };
    const { id } = await store.write(owner, hostile);

    expect(await store.read(owner, id)).toEqual({ id, ...hostile });
    expect(await store.read(owner, "\0' OR true --\u{1f511}")).toBeUndefined();
    expect(await store.list(owner, { cursor: '\0\u{1f511}' })).toHaveProperty('notes');
  });

  it('CASE-69: holds the limits of one owner although instances write at once', async () => {
    const stores = await Promise.all([1, 2, 3, 4].map(() => open({ notesPerOwner: 10 })));
    const [alice, bob] = [somebody(), somebody()];
    const results = await Promise.allSettled(
      Array.from({ length: 40 }, (_, index) => stores[index % 4]?.write(alice, note)),
    );
    const refused = results.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));

    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    expect(new Set(refused.map(({ fault }) => fault))).toEqual(new Set(['quota_notes']));
    await stores[0]?.write(bob, note);
    const [first] = (await stores[1]?.list(alice))?.notes ?? [];
    // Two instances delete the same note, and one place is free.
    const deleted = await Promise.all(stores.map((store) => store.delete(alice, first?.id ?? '')));
    expect(deleted.filter(Boolean)).toHaveLength(1);
    await stores[2]?.write(alice, note);
    await expect(stores[3]?.write(alice, note)).rejects.toMatchObject({ fault: 'quota_notes' });
  });

  it.each([
    ['bytes of one owner, and not characters', { bytesPerOwner: 5 }, 'quota_bytes'],
    ['all notes together', { totalBytes: 5 }, 'full'],
  ])('CASE-69: bounds the %s', async (_name, quota, fault) => {
    const store = await open(quota);

    await expect(store.write(somebody(), { title: '', text: '🔑🔑' })).rejects.toMatchObject({
      fault,
    });
  });

  it('CASE-53: fails with a fault of its list while PostgreSQL is away, and has every confirmed note after it', async () => {
    const store = await open();
    const alice = somebody();
    const { id } = await store.write(alice, note);
    await server.kill();
    try {
      await expect(store.read(alice, id)).rejects.toMatchObject({ fault: 'unavailable' });
      await expect(store.write(alice, note)).rejects.toMatchObject({ fault: 'unavailable' });
      // An instance that starts now serves as soon as the database is back.
      const events: unknown[] = [];
      const late = await openPostgresNotes('NOTES_DATABASE', server.url, (event) =>
        events.push(event),
      );
      onTestFinished(async () => late.close());
      expect(events).toEqual([{ type: 'notes_unavailable', reason: 'unavailable' }]);
      await server.start();
      expect(await late.read(alice, id)).toEqual({ id, ...note });
    } finally {
      if ((await server.query('SELECT 1').catch(() => [])).length === 0) await server.start();
    }
    expect(await store.read(alice, id)).toEqual({ id, ...note });
  });

  it('CASE-53: ends a call, and itself, although the network swallows everything', async () => {
    const relay = await startSilentRelay(server);
    onTestFinished(relay.stop);
    const store = await open({}, server.url.replace(`${server.port}`, `${relay.port}`));
    const alice = somebody();
    await store.write(alice, note);
    relay.fallSilent();

    await expect(store.list(alice)).rejects.toMatchObject({ fault: 'unavailable' });
    await expect(store.list(alice)).rejects.toMatchObject({ fault: 'unavailable' });
    await store.close();
  });

  it.each([
    ['a wrong password', (url: string) => url.replace('k7Yw', 'xxxx'), 'is refused by the server'],
    ['another database', (url: string) => `${url}-2`, 'names a database that does not exist'],
    [
      'TLS that the server does not offer',
      (url: string) => `${url}?sslmode=verify-full`,
      'names a server without TLS',
    ],
  ])('refuses %s at the start, and shows nothing of the URL', async (_name, change, sentence) => {
    const error = await openPostgresNotes('NOTES_DATABASE', change(server.url)).catch((e) => e);

    expect(`${error.message}`).toContain(`NOTES_DATABASE: ${sentence}`);
    expect(`${error.message}`).not.toContain('127.0.0.3');
  });

  it('uses tables that are there, as a user who may not create any', async () => {
    await open();
    await server.query("CREATE ROLE writer LOGIN PASSWORD 'k7Yw2Rn5Xb8Vq1Mz4Lc9'");
    const url = server.url.replace('//notes:', '//writer:');
    await expect(open({}, url)).resolves.toBeDefined();
    const refused = await open({}, url);

    await expect(refused.list(somebody())).rejects.toMatchObject({ fault: 'read_only' });
  });

  it('serves over a Unix socket', async () => {
    const socket = server.url.replace('127.0.0.3', 'localhost');
    const store = await open({}, `${socket}?host=${server.folder}`);
    const alice = somebody();
    const { id } = await store.write(alice, note);

    expect(await store.read(alice, id)).toEqual({ id, ...note });
  });
});

describe('the URL of a database', () => {
  const read = (text: string) => readPostgresUrl('NOTES_DATABASE', text);

  it('verifies the certificate of every other machine, unless it says otherwise', () => {
    expect(read('postgres://a:b@db.example.com/notes').ssl).toEqual({});
    expect(read('postgresql://a:b@10.0.0.3/notes?sslmode=verify-full').ssl).toEqual({});
    expect(read('postgres://a:b@10.0.0.3/notes?sslmode=disable').ssl).toBe(false);
    expect(read('postgres://a:b@localhost/notes').ssl).toBe(false);
    expect(read('postgres://a:b@[::1]:6432/notes')).toMatchObject({ host: '::1', port: 6_432 });
    expect(read('postgres://a:p%40ss@localhost/n%20s')).toMatchObject({
      ...{ user: 'a', password: 'p@ss', database: 'n s', port: 5_432 },
    });
  });

  it.each([
    ['no database', 'postgres://a:b@db.example.com/'],
    ['no user', 'postgres://db.example.com/notes'],
    ['a fragment', 'postgres://a:b@db.example.com/notes#x'],
    ['a character that is not encoded', 'postgres://a:%zz@db.example.com/notes'],
    ['a mode that verifies nothing', 'postgres://a:b@db.example.com/notes?sslmode=require'],
    ['a mode without effect', 'postgres://a:b@db.example.com/notes?sslmode=no-verify'],
    ['two modes', 'postgres://a:b@h/notes?sslmode=verify-full&sslmode=disable'],
    ['another option', 'postgres://a:b@db.example.com/notes?uselibpqcompat=true'],
    ['a folder that is none', 'postgres://a:b@localhost/notes?host=db.example.com'],
    ['a file that is not there', 'postgres://a:b@db.example.com/notes?sslrootcert=/nowhere/ca.pem'],
  ])('refuses %s', (_name, text) => {
    expect(() => read(text)).toThrow(/^NOTES_DATABASE: m|^NOTES_DATABASE: names/);
  });
});

it.each([
  ['ENOTFOUND', 'names a host that does not exist'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'names a server whose certificate is not trusted'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'names a server whose certificate is not trusted'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'names a server whose certificate is not trusted'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'names a server whose certificate is not trusted'],
  ['ECONNREFUSED', undefined],
  ['EAI_AGAIN', undefined],
])('tells at the start what is wrong with %s, unless it may pass', (code, sentence) => {
  const failure = toPostgresFault(Object.assign(new Error('x'), { code }));
  const problem = findStartProblem(failure);

  expect(failure.fault).toBe('unavailable');
  if (sentence === undefined) expect(problem).toBeUndefined();
  else expect(problem).toContain(sentence);
});

/** A relay that stops to pass bytes on, without an end of any connection. */
async function startSilentRelay({ port }: PostgresServer) {
  let isSilent = false;
  const sockets = new Set<Socket>();
  const relay = createServer((client) => {
    const upstream = connect(port, '127.0.0.3');
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('error', () => {});
      from.on('data', (bytes) => isSilent || to.write(bytes));
      from.on('end', () => isSilent || to.end());
    }
  }).listen(0, '127.0.0.3');
  await once(relay, 'listening');
  return {
    port: (relay.address() as AddressInfo).port,
    fallSilent: () => {
      isSilent = true;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      relay.close();
      await once(relay, 'close');
    },
  };
}

import { expect, it } from 'vitest';
import { begin, call, connectV1, connectV2, start, textOf } from './set-up.ts';

it('gives all callers one process when it is told to, and warns', async () => {
  const running = await start({ shared: true });

  const [alice, bob] = [await begin(running), await begin(running, 'bob')];

  expect(await alice.use('pid')).toBe(await bob.use('pid'));
  expect(running.events).toContainEqual({ type: 'child_shared' });
});

it('MCP-21: answers each caller of a shared process alone', async () => {
  const running = await start({ shared: true });
  const alice = await begin(running);
  const bob = await begin(running, 'bob');

  const pairs = await Promise.all(
    Array.from({ length: 100 }, async (_, index) => {
      const { use } = index % 2 === 0 ? alice : bob;
      // Both use the same ids.
      return [await use('echo', { text: `${index}` }, index >> 1), `${index}`];
    }),
  );

  expect(pairs.map(([text]) => text)).toEqual(pairs.map(([, text]) => text));
});

it('tells all sessions of a shared process that its tools have changed, and nothing else', async () => {
  const running = await start({ shared: true });
  const { session } = await begin(running);
  const bob = await begin(running, 'bob');
  const stream = await running.post(undefined, { session, method: 'GET' });
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();

  expect(await bob.use('ask', { method: 'roots/list' })).toContain('No client');
  await bob.use('change');

  expect((await reader?.read())?.value).toContain('tools/list_changed');
  const refused = await running.post(
    { jsonrpc: '2.0', id: 1, method: 'logging/setLevel', params: { level: 'debug' } },
    { session },
  );
  expect(await refused.json()).toMatchObject({ error: { code: -32_601 } });
});

it('lets clients of every revision share a process', async () => {
  const running = await start({ shared: true });
  const clients = [
    await connectV1(running),
    await connectV2(running, 'bob'),
    await connectV2(running, 'carol', { mode: 'legacy' }),
  ];

  const pids = await Promise.all(
    clients.map(async (client) =>
      textOf({ result: await client.callTool({ name: 'pid', arguments: {} }) }),
    ),
  );

  expect(new Set(pids).size).toBe(1);
});

it('ends all sessions with a shared process that dies, and starts it again', async () => {
  const running = await start({ shared: true });
  const alice = await begin(running);
  const bob = await begin(running, 'bob');
  expect((await running.post(call('exit'), { session: alice.session })).status).toBe(503);

  expect((await running.post(call('pid'), { caller: 'bob', session: bob.session })).status).toBe(
    404,
  );
  expect(await (await begin(running, 'bob')).use('recall')).toBe('');
});

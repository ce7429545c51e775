import { expect, it } from 'vitest';
import { begin, call, connectV1, connectV2, initialize, start, textOf } from './set-up.ts';

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
  await bob.use('change', { method: 'notifications/message' });
  await bob.use('change');

  expect((await reader?.read())?.value).toMatch(
    /^id: g-1\n.+\ndata: .+tools\/list_changed"\}\n\n$/,
  );
  const refused = await running.post(
    { jsonrpc: '2.0', id: 1, method: 'logging/setLevel', params: { level: 'debug' } },
    { session },
  );
  expect(await refused.json()).toMatchObject({ error: { code: -32_601 } });
});

it.each([
  ['no capabilities', 'bare', undefined],
  ['none of resources', 'tools-alone', { tools: { listChanged: true } }],
])('says what a shared process with %s can do', async (_name, flag, capabilities) => {
  const running = await start({ shared: true, flags: [flag] });

  const answer = (await (await running.post(initialize())).json()) as { result: object };

  expect(answer.result).toHaveProperty('protocolVersion');
  expect((answer.result as { capabilities?: object }).capabilities).toEqual(capabilities);
});

it('answers every caller of a shared process that does not start', async () => {
  const flags = ['never-initialize'];
  const running = await start({ shared: true, flags, startTimeoutSeconds: 1 });

  const answers = await Promise.all(
    ['alice', 'bob'].map((caller) => running.post(initialize(), { caller })),
  );

  for (const answer of answers) {
    expect([answer.status, await answer.text()]).toEqual([
      503,
      expect.stringContaining('could not start'),
    ]);
  }
  await expect.poll(() => running.events.at(-1)).toMatchObject({ reason: 'start_timeout' });
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

import { expect, it } from 'vitest';
import { startProxy } from '../test/command/proxy-process.ts';
import { begin, call, initialize, isAlive, start } from '../test/command/set-up.ts';

it('MCP-21: children that are killed under load leave no hang, no orphan and no wrong class of answer', async () => {
  const running = await start({ maximumProcesses: 32, maximumProcessesPerCaller: 4 });
  const statuses = new Map<number, number>();
  const pids = new Set<string>();
  const callers = Array.from({ length: 8 }, (_, index) => `caller${index}`);
  const until = performance.now() + 20_000;

  async function use(caller: string): Promise<void> {
    let session: string | undefined;
    while (performance.now() < until) {
      const body = session === undefined ? initialize() : call('pid');
      const given = session === undefined ? { caller } : { caller, session };
      const answer = await running.post(body, given);
      const text = await answer.text();
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      session ??= answer.headers.get('mcp-session-id') ?? undefined;
      const [, pid] = /"text":"(\d+)"/.exec(text) ?? [];
      if (pid !== undefined) {
        pids.add(pid);
        if (Math.random() < 0.05) process.kill(Number(pid), 'SIGKILL');
      }
      if (answer.status !== 200) session = undefined;
    }
  }
  await Promise.all(callers.flatMap((caller) => [use(caller), use(caller)]));
  await running.upstream.close();

  expect([...statuses.keys()].filter((status) => ![200, 404, 503].includes(status))).toEqual([]);
  expect(statuses.get(503)).toBeGreaterThan(0);
  expect(pids.size).toBeGreaterThan(20);
  await expect.poll(() => [...pids].filter(isAlive)).toEqual([]);
});

it('MCP-21: a line of 12 MB costs other callers nothing', async () => {
  const running = await start();
  const loud = await begin(running);
  const quiet = await begin(running, 'bob');

  const [answer, texts] = await Promise.all([
    running.post(call('long', { bytes: 12_000_000 }), { session: loud.session }),
    Promise.all(Array.from({ length: 100 }, () => quiet.use('echo', { text: 'a' }))),
  ]);

  expect(answer.status).toBe(503);
  expect(new Set(texts)).toEqual(new Set(['a']));
  expect(await loud.use('echo', { text: 'b' })).toBe('b');
});

it('takes at most 100 kB for a session that is idle, without its child', async () => {
  const running = await startProxy();
  const sessions = 30;
  for (let index = 0; index < 10; index += 1) await running.begin();
  const before = await running.memory();

  for (let index = 0; index < sessions; index += 1) await running.begin();

  expect(((await running.memory()) - before) / sessions).toBeLessThan(100_000);
});

import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { startProxy, startProxyAt } from '../test/command/proxy-process.ts';
import {
  begin,
  call,
  initialize,
  isAlive,
  readAnswer,
  start,
  textOf,
} from '../test/command/set-up.ts';

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

it('MCP-21: a proxy that is killed under load leaves no hang and no orphan, and its next start serves everybody', async () => {
  const flags = ['ignore-sigterm', 'stay', 'grandchild'];
  let running = await startProxyAt('0', flags);
  const { port } = running;
  const outcomes = new Map<string, number>();
  const processes = new Set<string>();
  let isOver = false;
  const send = (body: unknown, session?: string) =>
    fetch(`http://127.0.0.1:${port}/mcp`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: session === undefined ? {} : { 'Mcp-Session-Id': session },
      signal: AbortSignal.timeout(30_000),
    });

  /** One session, until it is gone. @returns Why it is. */
  async function useSession(): Promise<string> {
    const begun = await send(initialize());
    await begun.text();
    if (begun.status !== 200) return `${begun.status}`;
    const session = begun.headers.get('mcp-session-id') ?? '';
    while (!isOver) {
      for (const tool of ['pid', 'recall']) {
        const answer = await send(call(tool), session);
        if (answer.status !== 200) return `${answer.status}`;
        processes.add(textOf(await readAnswer(answer)));
        outcomes.set('answered', (outcomes.get('answered') ?? 0) + 1);
      }
    }
    return 'over';
  }
  const work = async () => {
    while (!isOver) {
      const outcome = await useSession().catch((error: Error) => error.name);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
  };
  const working = Array.from({ length: 6 }, work);
  const answered = () => outcomes.get('answered') ?? 0;
  for (let kill = 0; kill < 8; kill += 1) {
    const before = answered();
    await expect.poll(answered).toBeGreaterThan(before + 20);
    running.process.kill('SIGKILL');
    await once(running.process, 'exit');
    running = await startProxyAt(port, flags);
  }
  const before = answered();
  await expect.poll(answered).toBeGreaterThan(before + 20);
  isOver = true;
  await Promise.all(working);
  running.process.kill('SIGKILL');

  // A connection that breaks is a TypeError of fetch. The next proxy does not know the session: 404.
  const right = ['answered', 'over', 'TypeError', '404', '503'];
  expect([...outcomes.keys()].filter((outcome) => !right.includes(outcome))).toEqual([]);
  expect(outcomes.get('TypeError')).toBeGreaterThan(0);
  expect(processes.size).toBeGreaterThan(40);
  await expect.poll(() => [...processes].filter(isAlive)).toEqual([]);
});

it('MCP-21: junk, endless output and lines of 12 MB of five callers take half a processor at most, and others are answered', async () => {
  const running = await start({ maximumProcesses: 32 });
  const begun = ['flood1', 'flood2', 'junk', 'long', 'junk2'].map((name) => begin(running, name));
  const [flood1, flood2, junk, long, longJunk] = await Promise.all(begun);
  const quiet = await begin(running, 'quiet');
  let isOver = false;
  const noise = [
    () => flood1?.use('flood'),
    () => flood2?.use('flood'),
    () => junk?.use('junk', { lines: 300_000 }),
    () => long?.use('long', { bytes: 12_000_000 }),
    () => longJunk?.use('longJunk', { bytes: 12_000_000 }),
  ].map(async (make) => {
    for (let count = 0; count < 100 && !isOver; count += 1) await make()?.catch(() => {});
  });
  // What is read at once, before the budgets are spent.
  await sleep(8_000);

  const before = process.cpuUsage();
  await sleep(10_000);
  const { user, system } = process.cpuUsage(before);
  for (let count = 0; count < 50; count += 1) {
    expect(await quiet.use('echo', { text: `a ${count}` })).toBe(`a ${count}`);
  }
  isOver = true;
  await running.upstream.close();
  await Promise.all(noise);

  expect((user + system) / 10e6).toBeLessThan(0.5);
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

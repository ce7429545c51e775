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
  const wanted = 80;
  const pids = new Set<string>();
  const statuses = new Map<string, number>();
  let callers = 0;

  function count(kind: string, { status, headers }: Response): void {
    const wait = status === 503 && !headers.has('retry-after') ? ' without Retry-After' : '';
    const outcome = `${kind} ${status}${wait}`;
    statuses.set(outcome, (statuses.get(outcome) ?? 0) + 1);
  }

  async function loseChild(): Promise<void> {
    callers += 1;
    const caller = `caller${callers}`;
    const { session, use } = await begin(running, caller);
    const pid = await use('pid');
    pids.add(pid);
    const open = running.post(call('silent'), { caller, session });
    await expect.poll(() => use('unanswered'), { timeout: 60_000 }).toBe('1');
    const others = Array.from({ length: 5 }, () => running.post(call('pid'), { caller, session }));

    process.kill(Number(pid), 'SIGKILL');

    for (const answer of await Promise.all(others)) count('other', answer);
    count('open', await open);
    count('later', await running.post(call('pid'), { caller, session }));
  }
  const work = async () => {
    while (callers < wanted) await loseChild();
  };
  await Promise.all(Array.from({ length: 16 }, work));
  await running.upstream.close();

  const right = ['open 503', 'later 404', 'other 200', 'other 404', 'other 503'];
  expect([...statuses.keys()].filter((outcome) => !right.includes(outcome))).toEqual([]);
  expect(statuses.get('open 503')).toBe(pids.size);
  expect(pids.size).toBeGreaterThanOrEqual(wanted);
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
      signal: AbortSignal.timeout(60_000),
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
      if (outcome !== 'over') await sleep(20);
    }
  };
  const working = Array.from({ length: 6 }, work);
  const answered = () => outcomes.get('answered') ?? 0;
  const untilServed = () => expect.poll(answered, { timeout: 60_000 });
  for (let kill = 0; kill < 8; kill += 1) {
    const before = answered();
    await untilServed().toBeGreaterThan(before + 20);
    running.process.kill('SIGKILL');
    await once(running.process, 'exit');
    running = await startProxyAt(port, flags);
  }
  const before = answered();
  await untilServed().toBeGreaterThan(before + 20);
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

  // After 20 seconds of silence the answer is a stream, with the error in it.
  expect(await readAnswer(answer)).toMatchObject({ error: { message: 'The answer is too large' } });
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

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createOrphanWatch } from '../../src/command/process/orphan-watch.ts';
import { startProxy } from './proxy-process.ts';
import { call, isAlive, readAnswer, textOf } from './set-up.ts';

describe('nothing is left behind', () => {
  const stubborn = ['ignore-sigterm', 'stay', 'grandchild'];

  it('MCP-21: by a proxy that is killed under load, whatever its children do', async () => {
    const running = await startProxy(...stubborn);
    const sessions = await Promise.all([running.begin(), running.begin(), running.begin()]);
    const processes = sessions.flatMap(({ pid, grandchild }) => [pid, grandchild]);
    const load = sessions.map(({ session }) =>
      running.send(call('silent'), session).catch(() => {}),
    );
    expect(processes.map(isAlive)).toEqual(processes.map(() => true));

    running.process.kill('SIGKILL');

    await Promise.all(load);
    await expect.poll(() => processes.filter(isAlive)).toEqual([]);
  });

  it('MCP-21: by a proxy that stops on SIGTERM with an open request', async () => {
    const running = await startProxy(...stubborn);
    const { session, pid, grandchild } = await running.begin();
    const open = running.send(call('silent'), session);
    await expect
      .poll(async () => textOf(await readAnswer(await running.send(call('unanswered'), session))))
      .toBe('1');
    const exited = once(running.process, 'exit');

    running.process.kill('SIGTERM');

    expect((await open).status).toBe(503);
    expect(await exited).toEqual([0, null]);
    await expect.poll(() => [pid, grandchild].filter(isAlive)).toEqual([]);
  });
});

describe.each([
  ['a shell', true],
  ['Node.js', false],
])('the watch in %s', (_name, hasShell) => {
  function startGroup(): ChildProcess {
    const group = spawn(
      process.execPath,
      ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)'],
      {
        detached: true,
        stdio: 'ignore',
      },
    );
    onTestFinished(() => void group.kill('SIGKILL'));
    return group;
  }

  it('MCP-21: ends the groups that were not removed', async () => {
    const failures: string[] = [];
    const watch = createOrphanWatch({ hasShell, onFailure: (code) => failures.push(code) });
    const [kept, ended, late] = [startGroup(), startGroup(), startGroup()];
    for (const { pid = 0 } of [kept, ended, late]) watch.add(pid);
    watch.remove(kept.pid ?? 0);

    watch.close();

    await expect.poll(() => [ended.pid ?? 0, late.pid ?? 0].filter(isAlive)).toEqual([]);
    expect(isAlive(kept.pid ?? 0)).toBe(true);
    expect(failures).toEqual([]);
  });
});

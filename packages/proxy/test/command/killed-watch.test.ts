/** The process that ends child processes after this one has died can itself be killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { createOrphanWatch } from '../../src/command/process/orphan-watch.ts';
import { isAlive } from './set-up.ts';

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    // The process has ended.
    return '';
  }
}

/** The watching processes of this process. */
function findWatchers(): readonly number[] {
  return readdirSync('/proc')
    .filter((id) => /^\d+$/.test(id))
    .filter((id) => new RegExp(`^PPid:\\t${process.pid}$`, 'm').test(read(`/proc/${id}/status`)))
    .filter((id) => read(`/proc/${id}/cmdline`).includes('while read -r action group'))
    .map(Number)
    .filter(isAlive);
}

function startGroup(): ChildProcess {
  const group = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
  onTestFinished(() => void group.kill('SIGKILL'));
  return group;
}

const hasProc = process.platform === 'linux';

it.runIf(hasProc)('MCP-21: a watch that is killed starts again, up to five times', async () => {
  const before = new Set(findWatchers());
  const findOwn = () => findWatchers().filter((id) => !before.has(id));
  const failures: string[] = [];
  const watch = createOrphanWatch({ hasShell: true, onFailure: (code) => failures.push(code) });
  onTestFinished(() => watch.close());
  const { pid = 0 } = startGroup();
  watch.add(pid);
  for (let count = 1; count <= 6; count += 1) {
    await expect.poll(findOwn).toHaveLength(1);
    process.kill(findOwn()[0] ?? 0, 'SIGKILL');
    await expect.poll(() => failures).toHaveLength(count);
  }

  expect(new Set(failures)).toEqual(new Set(['EXITED']));
  expect(findOwn()).toEqual([]);
  // The next child process starts it again, for all.
  const { pid: other = 0 } = startGroup();
  watch.add(other);
  watch.close();
  await expect.poll(() => [pid, other].filter(isAlive)).toEqual([]);
  await expect.poll(findOwn).toEqual([]);
  expect(failures).toHaveLength(6);
});

it.runIf(hasProc)('a watch that is killed with nothing to watch stays away', async () => {
  const before = new Set(findWatchers());
  const findOwn = () => findWatchers().filter((id) => !before.has(id));
  const failures: string[] = [];
  const watch = createOrphanWatch({ hasShell: true, onFailure: (code) => failures.push(code) });
  const { pid = 0 } = startGroup();
  watch.add(pid);
  watch.remove(pid);
  await expect.poll(findOwn).toHaveLength(1);
  process.kill(findOwn()[0] ?? 0, 'SIGKILL');
  await expect.poll(() => failures).toEqual(['EXITED']);

  expect(findOwn()).toEqual([]);
  watch.close();
});

/** How much memory process groups take: the resident set of each process, added up. */
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** Bytes by process group. */
export type GroupMemory = ReadonlyMap<number, number>;

const run = promisify(execFile);

/**
 * Reads the memory of all process groups of this machine or container. It counts shared pages once per process.
 *
 * @returns An empty map where the platform does not say.
 */
export async function readGroupMemory(): Promise<GroupMemory> {
  try {
    return process.platform === 'linux' ? await readProc() : await readPs();
  } catch {
    return new Map();
  }
}

async function readProc(): Promise<GroupMemory> {
  const memory = new Map<number, number>();
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  await Promise.all(
    ids.map(async (id) => {
      // A process may end between the two calls.
      const status = await readFile(`/proc/${id}/status`, 'latin1').catch(() => '');
      // In a container, the last of the ids is the one in its own namespace.
      const group = /^NSpgid:.*?(\d+)$/m.exec(status)?.[1];
      const kilobytes = /^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1];
      add(memory, group, kilobytes);
    }),
  );
  return memory;
}

async function readPs(): Promise<GroupMemory> {
  const memory = new Map<number, number>();
  const { stdout } = await run('ps', ['-A', '-o', 'pgid=,rss='], { timeout: 5_000 });
  for (const line of stdout.split('\n')) {
    const [group, kilobytes] = line.trim().split(/\s+/);
    add(memory, group, kilobytes);
  }
  return memory;
}

function add(
  memory: Map<number, number>,
  group: string | undefined,
  kilobytes: string | undefined,
): void {
  if (!group || !kilobytes) return;
  const known = memory.get(Number(group)) ?? 0;
  memory.set(Number(group), known + Number(kilobytes) * 1_024);
}

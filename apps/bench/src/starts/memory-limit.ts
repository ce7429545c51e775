import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A control group of Linux: what a container is counted by, and limited to. */
export interface MemoryLimit {
  /** The words that start a program inside it. */
  enter(words: readonly string[]): readonly string[];
  /** Bytes in use now, as Cloud Run and Kubernetes count them. */
  used(): number;
  remove(): void;
}

interface Version {
  readonly parent: string;
  readonly limit: string;
  readonly usage: string;
}

const versions: readonly Version[] = [
  { parent: '/sys/fs/cgroup', limit: 'memory.max', usage: 'memory.current' },
  {
    parent: '/sys/fs/cgroup/memory',
    limit: 'memory.limit_in_bytes',
    usage: 'memory.usage_in_bytes',
  },
];

/** @returns `undefined` if the group is missing and this user may not create it. */
export function createMemoryLimit(name: string, bytes: number): MemoryLimit | undefined {
  for (const { parent, limit, usage } of versions) {
    const folder = join(parent, name);
    try {
      // `memory.max` can be written only where the group has it: then this is the version in use.
      mkdirSync(folder, { recursive: true });
      readFileSync(join(folder, usage));
      writeFileSync(join(folder, limit), `${bytes}`);
    } catch {
      removeFolder(folder);
      continue;
    }
    return {
      enter: (words) => [
        'sh',
        ...['-c', `echo $$ > ${join(folder, 'cgroup.procs')} && exec "$@"`, 'sh'],
        ...words,
      ],
      used: () => Number(readFileSync(join(folder, usage), 'utf8')),
      remove: () => removeFolder(folder),
    };
  }
  return undefined;
}

function removeFolder(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // It was not made, or a process is still in it.
  }
}

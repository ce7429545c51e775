import type { CpuInfo } from 'node:os';

/** The CPU cores that this process may run on, from `/proc/self/status` of Linux. */
export function parseAllowedCores(status: string): readonly number[] {
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1] ?? '';
  return list
    .split(',')
    .filter((range) => /^\d+(?:-\d+)?$/.test(range))
    .flatMap((range) => {
      const [first = 0, last = first] = range.split('-').map(Number);
      return Array.from({ length: last - first + 1 }, (_, index) => first + index);
    });
}

type CoreTimes = readonly Pick<CpuInfo, 'times'>[];

/** The core with the most idle time between two samples. */
export function idlestCore(
  cores: readonly number[],
  before: CoreTimes,
  after: CoreTimes,
): number | undefined {
  const idle = (core: number): number =>
    (after[core]?.times.idle ?? 0) - (before[core]?.times.idle ?? 0);
  return cores.toSorted((a, b) => idle(b) - idle(a))[0];
}

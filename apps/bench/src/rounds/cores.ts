import type { CpuInfo } from 'node:os';

/** The cores this process may run on, out of Linux' `/proc/self/status`. */
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

/** The one of these cores that had the most idle time from one look to the next. */
export function idlestCore(
  cores: readonly number[],
  before: CoreTimes,
  after: CoreTimes,
): number | undefined {
  const idle = (core: number): number =>
    (after[core]?.times.idle ?? 0) - (before[core]?.times.idle ?? 0);
  return cores.toSorted((a, b) => idle(b) - idle(a))[0];
}

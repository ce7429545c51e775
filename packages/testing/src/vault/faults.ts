import type { Fault } from '../authorization-server/faults.ts';
import type { VaultFaultOptions } from './vault.ts';

/** Holds the faults of one server, and says which is next. */
export interface VaultFaults {
  add(fault: Fault, options: VaultFaultOptions): void;
  /** Takes the oldest fault that is meant for this path, or for all of them. */
  take(path: string): Fault | undefined;
  clear(): void;
}

/** Creates an empty list of faults. */
export function createVaultFaults(): VaultFaults {
  const pending = new Set<{ fault: Fault; path: string | undefined; remaining: number }>();

  return {
    add(fault, { path, times = Number.POSITIVE_INFINITY }) {
      pending.add({ fault, path, remaining: times });
    },

    take(path) {
      for (const entry of pending) {
        if ((entry.path ?? path) !== path) continue;
        entry.remaining -= 1;
        if (entry.remaining <= 0) pending.delete(entry);
        return entry.fault;
      }
      return undefined;
    },

    clear() {
      pending.clear();
    },
  };
}

/** Who must wait before a child process is started again, because theirs keep failing. */
import { LRUCache } from 'lru-cache';

/** The failures of each user. One user's failures delay nobody else. */
export interface CrashBackoff {
  failed(user: string): void;
  succeeded(user: string): void;
  /** Seconds until a process may be started. 0: now. */
  waitSeconds(user: string): number;
}

const longestSeconds = 60;
const maximumUsers = 10_000;

/**
 * The first failure delays nothing. Each further one doubles the delay: 1, 2, 4 … 60 seconds.
 *
 * @param monotonicNow Clock, in milliseconds.
 */
export function createCrashBackoff(monotonicNow: () => number): CrashBackoff {
  const users = new LRUCache<string, { readonly failures: number; readonly until: number }>({
    max: maximumUsers,
  });

  return {
    failed(user) {
      const failures = (users.get(user)?.failures ?? 0) + 1;
      const seconds = failures === 1 ? 0 : Math.min(longestSeconds, 2 ** (failures - 2));
      users.set(user, { failures, until: monotonicNow() + seconds * 1_000 });
    },

    succeeded: (user) => void users.delete(user),

    waitSeconds(user) {
      const { until = 0 } = users.get(user) ?? {};
      return Math.max(0, Math.ceil((until - monotonicNow()) / 1_000));
    },
  };
}

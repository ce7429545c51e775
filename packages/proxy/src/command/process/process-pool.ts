/** How many child processes there are, whose they are, and when one must end. */
import type { OperationalEvent } from '@sallyport/core';
import type { CommandFault } from '../messages/http-answers.ts';
import type { ChildEnd, EndReason } from './child-process.ts';
import { createCrashBackoff } from './crash-backoff.ts';
import { type GroupMemory, readGroupMemory } from './group-memory.ts';

/** A child process, as the pool sees it. */
interface PooledProcess {
  readonly processId: number | undefined;
  /** Whether nobody waits for it. */
  readonly isIdle: boolean;
  /** When its client was last heard of, on the monotonic clock. */
  readonly lastUsedAt: number;
  end(reason: EndReason): Promise<void>;
}

/** Room for one child process. */
export interface Place {
  fill(process: PooledProcess): void;
  /** Gives the room back, once the process is gone. */
  release(end: ChildEnd): void;
}

/** Why there is no room. */
export interface Refusal {
  readonly fault: CommandFault;
  readonly retryAfterSeconds?: number;
}

/** All child processes of one upstream. */
export interface ProcessPool {
  /** Makes room for a process of this user, if need be by ending one of theirs that is idle. */
  take(user: string): Promise<Place | Refusal>;
  /** Ends all processes. Nothing is started afterwards. */
  close(): Promise<void>;
  readonly size: number;
}

/** Options for {@link createProcessPool}. */
export interface ProcessPoolOptions {
  readonly maximumProcesses: number;
  readonly maximumProcessesPerCaller: number;
  readonly maximumMemoryBytes: number;
  readonly idleMs: number;
  readonly report: (event: OperationalEvent) => void;
  /** Clock, in milliseconds. */
  readonly monotonicNow: () => number;
  readonly readMemory?: () => Promise<GroupMemory>;
}

const lookEveryMs = 2_000;
// A process that lived this long did not fail because of how it was started.
const healthyMs = 60_000;
const failures: ReadonlySet<EndReason> = new Set([
  'not_started',
  'exited',
  'memory',
  'not_reading',
  'start_timeout',
]);

export function createProcessPool(options: ProcessPoolOptions): ProcessPool {
  const { maximumProcesses, maximumProcessesPerCaller, report, monotonicNow } = options;
  const { readMemory = readGroupMemory } = options;
  const backoff = createCrashBackoff(monotonicNow);
  const places = new Map<Place, { readonly user: string; process?: PooledProcess }>();
  let isClosed = false;
  let looking: NodeJS.Timeout | undefined;

  function listRunning(): PooledProcess[] {
    return [...places.values()].flatMap(({ process }) => process ?? []);
  }

  function ofUser(user: string): PooledProcess[] {
    return [...places.values()].flatMap((each) =>
      each.user === user && each.process !== undefined ? [each.process] : [],
    );
  }

  function countOf(user: string): number {
    return [...places.values()].filter((each) => each.user === user).length;
  }

  function findFault(user: string): CommandFault | undefined {
    if (isClosed) return 'closing';
    if (backoff.waitSeconds(user) > 0) return 'backing_off';
    if (countOf(user) >= maximumProcessesPerCaller) return 'caller_limit';
    return places.size >= maximumProcesses ? 'process_limit' : undefined;
  }

  function createPlace(user: string): Place {
    const entry: { readonly user: string; process?: PooledProcess } = { user };
    const place: Place = {
      fill(process) {
        entry.process = process;
        if (isClosed) void process.end('draining');
      },
      release({ reason, lifetimeMs }) {
        places.delete(place);
        if (places.size === 0) stopLooking();
        if (failures.has(reason)) backoff.failed(user);
        else if (lifetimeMs >= healthyMs) backoff.succeeded(user);
      },
    };
    places.set(place, entry);
    looking ??= setInterval(() => void look(), lookEveryMs).unref();
    return place;
  }

  function stopLooking(): void {
    clearInterval(looking);
    looking = undefined;
  }

  async function look(): Promise<void> {
    const idleSince = monotonicNow() - options.idleMs;
    const running = listRunning();
    for (const each of running) {
      if (each.isIdle && each.lastUsedAt <= idleSince) void each.end('idle');
    }
    const memory = await readMemory();
    for (const [group, bytes] of memory) {
      if (bytes <= options.maximumMemoryBytes) continue;
      void running.find(({ processId }) => processId === group)?.end('memory');
    }
  }

  return {
    get size() {
      return places.size;
    },

    async take(user) {
      let fault = findFault(user);
      if (fault === 'caller_limit' || fault === 'process_limit') {
        // Clients often forget their sessions without ending them. Only the user's own are given up.
        const [oldest] = ofUser(user)
          .filter((each) => each.isIdle)
          .sort((left, right) => left.lastUsedAt - right.lastUsedAt);
        await oldest?.end('idle');
        fault = findFault(user);
      }
      if (fault === undefined) return createPlace(user);
      if (fault === 'process_limit')
        report({ type: 'child_limit_reached', limit: maximumProcesses });
      if (fault !== 'backing_off') return { fault };
      return { fault, retryAfterSeconds: backoff.waitSeconds(user) };
    },

    async close() {
      isClosed = true;
      stopLooking();
      await Promise.all(listRunning().map((each) => each.end('draining')));
    },
  };
}

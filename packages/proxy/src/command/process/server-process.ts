/** Starts a child process for one user, and reports what becomes of it. */
import type { OperationalEvent } from '@sallyport/core';
import {
  type ChildRequests,
  createChildRequests,
  type UnaskedListener,
} from '../messages/child-requests.ts';
import {
  type Child,
  type ChildEnd,
  type EndReason,
  type Launch,
  startChild,
} from './child-process.ts';
import type { OrphanWatch } from './orphan-watch.ts';
import type { Place, ProcessPool, Refusal } from './process-pool.ts';

/** A child process that takes MCP messages. */
export interface ServerProcess extends Pick<ChildRequests, 'request' | 'notify'> {
  readonly processId: number | undefined;
  end(reason: EndReason): Promise<void>;
}

/** Who uses a child process. */
interface ServerUser extends UnaskedListener {
  /** Whom limits and delays after crashes count for. */
  readonly name: string;
  readonly isIdle: boolean;
  /** On the monotonic clock. */
  readonly lastUsedAt: number;
  /** Called once, when the process is gone. */
  onEnd(end: ChildEnd): void;
}

/** What starts child processes. */
export interface ServerStarter {
  start(user: ServerUser): Promise<ServerProcess | Refusal>;
}

/** Options for {@link createServerStarter}. */
export interface ServerStarterOptions {
  readonly launch: Launch;
  readonly pool: ProcessPool;
  readonly watch: OrphanWatch;
  readonly redact: (line: string) => string;
  readonly report: (event: OperationalEvent) => void;
  readonly maximumLineBytes: number;
  readonly requestTimeoutMs: number;
  readonly monotonicNow: () => number;
}

const expected: ReadonlySet<EndReason> = new Set(['session_over', 'idle', 'draining']);

export function createServerStarter(options: ServerStarterOptions): ServerStarter {
  const { launch, pool, report, requestTimeoutMs } = options;

  function run(user: ServerUser, place: Place): ServerProcess {
    const ignored = new Set<string>();
    let child: Child | undefined;

    const requests = createChildRequests({
      child: () => child,
      unasked: user,
      requestTimeoutMs,
      onIgnored(reason) {
        // Once per process and reason: a child that writes junk must not flood the log.
        if (ignored.has(reason)) return;
        ignored.add(reason);
        report({ type: 'child_output_ignored', reason, processId: child?.processId });
      },
    });
    const started = startChild(launch, options, {
      onLine: requests.readLine,
      onLongLine: requests.readLongLine,
      onStandardError(line, dropped) {
        report({ type: 'child_stderr', line, dropped, processId: child?.processId });
      },
      onEnd(end) {
        place.release(end);
        report({
          type: expected.has(end.reason) ? 'child_stopped' : 'child_failed',
          reason: end.reason,
          status: end.status,
          processId: child?.processId,
        });
        requests.fail('ended');
        user.onEnd(end);
      },
    });
    child = started;
    place.fill({
      processId: started.processId,
      get isIdle() {
        return user.isIdle && requests.pendingCount === 0;
      },
      get lastUsedAt() {
        return user.lastUsedAt;
      },
      end: started.end,
    });
    return { ...requests, processId: started.processId, end: started.end };
  }

  return {
    async start(user) {
      const place = await pool.take(user.name);
      return 'fault' in place ? place : run(user, place);
    },
  };
}

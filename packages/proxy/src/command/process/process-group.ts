/** Ends a child process together with everything that it started. */
import { setTimeout as wait } from 'node:timers/promises';

const pollMs = 20;

/**
 * Sends a signal to every process of a group.
 *
 * @returns Whether the group still has a process.
 */
function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-group, signal);
    return true;
  } catch (error) {
    // EPERM: macOS says it of processes that have ended and wait for their parent.
    return Reflect.get(Object(error), 'code') === 'EPERM' && signal !== 0;
  }
}

/** Waits until the group has no process. @returns Whether that happened in time. */
async function waitForGroup(group: number, timeoutMs: number): Promise<boolean> {
  for (let waited = 0; signalGroup(group, 0); waited += pollMs) {
    if (waited >= timeoutMs) return false;
    await wait(pollMs);
  }
  return true;
}

/**
 * Ends a group: SIGTERM, and after `graceMs` SIGKILL.
 *
 * A process that left the group by `setsid` is not ended.
 */
export async function endGroup(group: number, graceMs: number): Promise<void> {
  if (!signalGroup(group, 'SIGTERM')) return;
  if (await waitForGroup(group, graceMs)) return;
  signalGroup(group, 'SIGKILL');
  await waitForGroup(group, 1_000);
}

import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ConnectionFault, nextStep } from './connection-fault.ts';

/** Where a proxy leads to. */
export interface ProxyTarget {
  readonly host: string;
  readonly port: number;
}

/** A fault, and the time during which it lasts. */
export interface FaultPhase {
  readonly fault: ConnectionFault;
  /** Aborts when another fault takes its place. */
  readonly signal: AbortSignal;
}

// With more than this on its way to a client, nothing more is taken from the target.
const maximumWaitingBytes = 1_048_576;

/**
 * Carries bytes between a client and the target until both have ended, and lets the client feel the
 * fault of the moment.
 */
export function carryConnection(
  client: Socket,
  target: ProxyTarget,
  phaseNow: () => FaultPhase,
): void {
  const upstream = connect({ ...target, allowHalfOpen: true, noDelay: true });
  let isLost = false;
  let counted = phaseNow();
  let passed = 0;
  let waitingBytes = 0;
  let passing = Promise.resolve();

  /** Bytes that were lost cannot be made good: what follows them would be misunderstood. */
  function swallows(): boolean {
    isLost ||= phaseNow().fault.kind === 'black-hole';
    return isLost;
  }

  /** Whether its time has come: not when the fault has changed meanwhile, or nobody is left. */
  async function waits(milliseconds: number, { signal }: FaultPhase): Promise<boolean> {
    if (milliseconds > 0) await sleep(milliseconds, undefined, { signal }).catch(() => {});
    return !signal.aborted && !client.destroyed;
  }

  async function answer(chunk: Buffer, arrivedAt: number): Promise<void> {
    let rest = chunk;
    while (rest.length > 0 && !client.destroyed && !swallows()) {
      const phase = phaseNow();
      if (phase !== counted) [counted, passed] = [phase, 0];
      const waitedMs = performance.now() - arrivedAt;
      const step = nextStep(phase.fault, { length: rest.length, waitedMs, passed });
      if (!(await waits(step.milliseconds, phase))) continue;
      passed += step.bytes;
      const part = rest.subarray(0, step.bytes);
      rest = rest.subarray(step.bytes);
      await new Promise<void>((resolve) => client.write(part, () => resolve()));
      if (step.closes) client.destroy();
    }
  }

  upstream.on('data', (chunk: Buffer) => {
    const arrivedAt = performance.now();
    waitingBytes += chunk.length;
    if (waitingBytes > maximumWaitingBytes) upstream.pause();
    passing = passing.then(async () => {
      await answer(chunk, arrivedAt);
      waitingBytes -= chunk.length;
      if (waitingBytes <= maximumWaitingBytes) upstream.resume();
    });
  });
  upstream.on('end', () => {
    passing = passing.then(() => {
      if (!swallows()) client.end();
    });
  });
  upstream.on('error', () => {
    if (!swallows()) client.resetAndDestroy();
  });

  client.on('data', (chunk) => {
    if (swallows() || upstream.write(chunk)) return;
    client.pause();
    upstream.once('drain', () => client.resume());
  });
  client.on('end', () => {
    if (!swallows()) upstream.end();
  });
  client.on('close', () => upstream.destroy());
}

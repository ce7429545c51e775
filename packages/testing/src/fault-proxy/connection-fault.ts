/** What goes wrong with the connections of a fault proxy. Only answers are late, slow or cut. */
export type ConnectionFault =
  | { readonly kind: 'none' }
  /** Each part of an answer comes so much later. */
  | { readonly kind: 'latency'; readonly milliseconds: number }
  /** On each connection no more than this gets through. */
  | { readonly kind: 'bandwidth'; readonly bytesPerSecond: number }
  /** Each connection is closed after so many bytes of its answers, counted from now. */
  | { readonly kind: 'cut'; readonly afterBytes: number }
  /**
   * Connections are accepted, and what is sent there is lost either way. One that has lost something
   * stays lost when the fault ends.
   */
  | { readonly kind: 'black-hole' }
  /** The port and all connections are closed: clients see ECONNREFUSED. */
  | { readonly kind: 'refuse' }
  /** All connections, and new ones at once, are reset: clients see ECONNRESET. */
  | { readonly kind: 'reset' };

/** What is to be done with the next bytes of an answer. */
export interface Step {
  /** To be waited for before they are passed on. */
  readonly milliseconds: number;
  /** How many of them are passed on. */
  readonly bytes: number;
  /** Whether the connection is closed after them. */
  readonly closes: boolean;
}

/** What is known of bytes that wait for being passed on. */
export interface WaitingBytes {
  readonly length: number;
  /** How long they have waited. */
  readonly waitedMs: number;
  /** How many were passed on before them since the fault began. */
  readonly passed: number;
}

// Slow connections trickle in steps of about this length.
const trickleMs = 50;

/** Decides how answers go on under a fault that lets them through at all. */
export function nextStep(fault: ConnectionFault, waiting: WaitingBytes): Step {
  const { length, waitedMs, passed } = waiting;
  switch (fault.kind) {
    case 'latency': {
      const milliseconds = Math.max(0, fault.milliseconds - waitedMs);
      return { milliseconds, bytes: length, closes: false };
    }
    case 'bandwidth': {
      const { bytesPerSecond } = fault;
      const portion = Math.max(1, Math.floor((bytesPerSecond * trickleMs) / 1_000));
      const bytes = Math.min(length, portion);
      return { milliseconds: (bytes * 1_000) / bytesPerSecond, bytes, closes: false };
    }
    case 'cut': {
      const bytes = Math.min(length, fault.afterBytes - passed);
      return { milliseconds: 0, bytes, closes: passed + bytes === fault.afterBytes };
    }
    default:
      return { milliseconds: 0, bytes: length, closes: false };
  }
}

/** @throws {TypeError} for a number that makes no sense. */
export function assertFault(fault: ConnectionFault): void {
  if (fault.kind === 'latency' && !(fault.milliseconds >= 0 && fault.milliseconds <= maximumMs)) {
    throw new TypeError(`milliseconds: must be from 0 to ${maximumMs}`);
  }
  if (fault.kind === 'bandwidth' && !(fault.bytesPerSecond >= 1)) {
    throw new TypeError('bytesPerSecond: must be at least 1');
  }
  if (fault.kind === 'cut' && !(Number.isInteger(fault.afterBytes) && fault.afterBytes >= 0)) {
    throw new TypeError('afterBytes: must be a whole number from 0');
  }
}

// What a timer can wait for: about 24 days.
const maximumMs = 2_147_483_647;

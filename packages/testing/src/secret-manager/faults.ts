import type { grpc } from 'google-gax';

/** The name of a gRPC status, such as `UNAVAILABLE`. */
export type StatusName = keyof typeof grpc.status;

/** What goes wrong when a version is accessed. */
export type SecretManagerFault =
  /** Refuses. Default message: the name of the status. */
  | { readonly kind: 'status'; readonly status: StatusName; readonly message?: string }
  /** Never answers. */
  | { readonly kind: 'hang' }
  /** Answers as usual, but later. */
  | { readonly kind: 'delay'; readonly milliseconds: number }
  /** The checksum is that of other bytes. */
  | { readonly kind: 'wrong-checksum' }
  /** There is no checksum. */
  | { readonly kind: 'no-checksum' }
  /** The payload has no bytes, and their checksum. */
  | { readonly kind: 'empty-payload' }
  /** There is no payload at all: `payload` is null. */
  | { readonly kind: 'no-payload' }
  /** The answer is about another secret. */
  | { readonly kind: 'other-name'; readonly name: string };

/** Holds the faults of one server, and says which is next. */
export interface Faults {
  add(fault: SecretManagerFault, secret: string | undefined, times: number): void;
  /** Takes the oldest fault that is meant for this secret, or for all of them. */
  take(secret: string): SecretManagerFault | undefined;
  clear(): void;
}

interface PendingFault {
  readonly fault: SecretManagerFault;
  readonly secret: string | undefined;
  remaining: number;
}

/** Creates an empty list of faults. */
export function createFaults(): Faults {
  let pending: PendingFault[] = [];

  return {
    add(fault, secret, times) {
      pending.push({ fault, secret, remaining: times });
    },

    take(secret) {
      const next = pending.find((entry) => (entry.secret ?? secret) === secret);
      if (next === undefined) return undefined;
      next.remaining -= 1;
      if (next.remaining <= 0) pending = pending.filter((entry) => entry !== next);
      return next.fault;
    },

    clear() {
      pending = [];
    },
  };
}

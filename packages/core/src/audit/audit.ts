import type { AuthErrorCode } from '../errors.ts';
import type { TraceContext } from './trace.ts';

/**
 * One decision, as a record. Every field is a constant of ours, a verified claim or the client's
 * address, so no client can write a line of its choosing into the log. There is no field for a
 * token.
 */
export interface AuditEvent {
  /**
   * Which checkpoint decided what. `abandoned`: the client closed its connection before the decision.
   * The server is not at fault. It has no `code`.
   */
  readonly event: 'authenticated' | 'authorized' | 'refused' | 'abandoned';
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** {@link TokenVerifier.name}. */
  readonly verifier: string;
  /** What failures are counted against: the client's address. */
  readonly clientKey?: string;
  /** The operation as the server itself names it. */
  readonly operation?: string;
  readonly code?: AuthErrorCode;
  /** The refusal's detail, for the operator only. */
  readonly detail?: string;
  readonly issuer?: string;
  /** Verified, but written by the authorization server: escape it before printing. */
  readonly subject?: string;
  readonly clientId?: string;
  /** {@link GuardRequest.trace}. */
  readonly trace?: TraceContext;
  /** Milliseconds that the first checkpoint spent on the credentials; its limiter is left out. */
  readonly durationMs?: number;
}

/** Where decisions are recorded. A sink that throws makes the guard refuse: no record, no access. */
export interface AuditSink {
  emit(event: AuditEvent): void;
}

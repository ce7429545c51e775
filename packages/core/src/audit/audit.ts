import type { AuthErrorCode } from '../errors.ts';
import type { TraceContext } from './trace.ts';

/**
 * One decision. Every field is a constant of Sallyport, a verified claim or the client's address, so a client cannot
 * write a line of its choice into the log. No field holds a token.
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
  /** Milliseconds that checkpoint 1 spent on the credentials, without the rate limiter. */
  readonly durationMs?: number;
}

/** Records decisions. If a sink throws, the guard refuses the request: no record, no access. */
export interface AuditSink {
  emit(event: AuditEvent): void;
}

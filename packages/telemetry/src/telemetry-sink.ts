import type { AuditSink } from '@sallyport/core';
import type { OperationalEvent } from './operational-event.ts';

/** A sink for decisions, which takes what else happens too. */
export interface TelemetrySink extends AuditSink {
  /** Records what a verifier, a secret provider or a limiter reports: give it as `onEvent`. */
  readonly log: (event: OperationalEvent) => void;
  /** Records what is still held back. Call it at shutdown. */
  close(): void;
}

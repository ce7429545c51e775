/** Records each decision of a guard as one audit event, and turns each error into a refusal. */
import type { AuditEvent, AuditSink } from '../audit/audit.ts';
import type { EventListener } from '../audit/operational-event.ts';
import type { CredentialScheme } from '../credentials/credentials.ts';
import { AuthError, isAuthError } from '../errors.ts';
import { authErrorAnswers } from './answers.ts';
import type { ChallengeParameters } from './challenge.ts';
import type { GuardRequest } from './guard-contract.ts';
import type { RateLimitQuota } from './rate-limiter.ts';
import { abandonedRefusal, type Refusal, toRefusal } from './refusal.ts';
import {
  describeFailure,
  type FailureSource,
  type UnexpectedFailureEvent,
} from './unexpected-failure.ts';

/** The part of an audit event that says who asked for what. */
export type DecisionSubject = Omit<AuditEvent, 'event' | 'at' | 'verifier' | 'code' | 'detail'>;

/** What a challenge says about one request: the scopes to ask for, and the scheme of the request. */
export interface ChallengeDetails extends Pick<ChallengeParameters, 'scopes'> {
  readonly scheme: CredentialScheme | undefined;
}

interface RefusalContext {
  readonly challenge: ChallengeDetails;
  readonly about: DecisionSubject;
  /** The limit that the failure was counted against, if it was. */
  readonly quota?: RateLimitQuota | undefined;
  /** The request, where its client may have disconnected. */
  readonly request?: GuardRequest | undefined;
}

/** The decisions of one guard. */
export interface Decisions {
  /**
   * Returns an `AuthError` as it is. Any other error is our fault: it is reported, and becomes
   * `upstream_unavailable`.
   */
  toAuthError(error: unknown, source: FailureSource, request?: GuardRequest): AuthError;
  /** @throws What the audit sink throws. The guard then refuses: no record, no access. */
  record(event: Omit<AuditEvent, 'at' | 'verifier'>): void;
  /** Records a refusal and writes its answer. Never throws. */
  refuse(error: AuthError, context: RefusalContext): { ok: false; refusal: Refusal };
}

/** Options for {@link createDecisions}. */
export interface DecisionsOptions {
  /** `TokenVerifier.name`. */
  readonly verifier: string;
  readonly audit: AuditSink;
  readonly report: EventListener<UnexpectedFailureEvent>;
  readonly resourceMetadataUrl: string;
  readonly dpopAlgorithms: readonly string[];
  /** Clock, in milliseconds since the epoch. */
  readonly now: () => number;
}

export function createDecisions(options: DecisionsOptions): Decisions {
  const { verifier, audit, report, resourceMetadataUrl, dpopAlgorithms, now } = options;

  function toAuthError(error: unknown, source: FailureSource, request?: GuardRequest): AuthError {
    // Another copy of this package may have codes that this copy does not have.
    if (isAuthError(error) && Object.hasOwn(authErrorAnswers, error.code)) return error;
    // A client that disconnects makes its own request fail. The server is not at fault.
    if (request?.signal.aborted !== true) {
      report(describeFailure(source, error, request === undefined ? [] : credentialsOf(request)));
    }
    // Without the cause: its text may quote the token. The event has what may be shown.
    return new AuthError('upstream_unavailable', { detail: 'unexpected failure' });
  }

  function record(event: Omit<AuditEvent, 'at' | 'verifier'>): void {
    const given: unknown = audit.emit({ at: now(), verifier, ...event });
    // An asynchronous sink that rejects would end the process. The request is already decided.
    if (given instanceof Promise) given.catch((error) => void toAuthError(error, 'audit'));
  }

  function refuse(
    error: AuthError,
    { challenge, about, quota, request }: RefusalContext,
  ): { ok: false; refusal: Refusal } {
    let reason = error;
    try {
      const { code, detail } = reason;
      // The client may have caused the failure when it disconnected. Then it is not an outage.
      if (request?.signal.aborted && code === 'upstream_unavailable') {
        record({ event: 'abandoned', ...about });
        return { ok: false, refusal: abandonedRefusal };
      }
      record({ event: 'refused', code, ...(detail !== undefined && { detail }), ...about });
    } catch (cause) {
      reason = toAuthError(cause, 'audit', request);
    }
    const parameters = { resourceMetadataUrl, dpopAlgorithms, ...challenge };
    return { ok: false, refusal: toRefusal(reason, parameters, quota) };
  }

  return { toAuthError, record, refuse };
}

/** The parts of a request that must not appear in events, without the names of schemes. */
function credentialsOf({ authorization, proof }: GuardRequest): readonly string[] {
  const fields = [...authorization, ...proofsOf(proof)];
  return fields.flatMap((field) => field.trim().split(/\s+/)).filter((part) => !isScheme(part));
}

function isScheme(part: string): boolean {
  return /^(?:bearer|dpop|basic)?$/i.test(part);
}

function proofsOf(proof: GuardRequest['proof']): readonly string[] {
  try {
    return proof?.field('dpop') ?? [];
  } catch {
    return [];
  }
}

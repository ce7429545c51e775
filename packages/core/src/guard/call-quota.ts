/** The contract between a quota of calls and what shares its counts with other instances. */
import type { AuthError } from '../errors.ts';
import type { AuthorizationRule, RuleRequest } from './authorization-rule.ts';

/** What one request takes of one limit. */
export interface CallCharge {
  /** The tool, or the beginning of tool names with `*`, that the limit is for. Absent for all calls. */
  readonly tool?: string;
  /** How many calls the request has: 1 or more. */
  readonly calls: number;
  /** How many calls are allowed in any interval of {@link windowSeconds}. */
  readonly maximum: number;
  readonly windowSeconds: number;
}

/** What one request takes of the limits of its caller. */
export interface CallCharges {
  /** A digest of issuer, subject and client. */
  readonly caller: string;
  /** One for each limit that the request concerns. At least one. */
  readonly charges: readonly CallCharge[];
}

/** What a quota remembers, in numbers. For gauges. */
export interface CallQuotaReadings {
  /** Callers in memory now, including those whose window is over. */
  readonly callers: number;
}

/** A rule that limits calls, and the parts of it that a store for several instances needs. */
export interface CallQuota extends AuthorizationRule {
  /** What a request takes. `undefined` when it has no call that counts. */
  chargesOf(request: RuleRequest): CallCharges | undefined;
  /** The refusal of a request, counted by this instance alone. Counts nothing. */
  peek(charges: CallCharges): AuthError | undefined;
  /** Counts a request under all of its limits, or refuses it and counts nothing. */
  count(charges: CallCharges): AuthError | undefined;
  /** The refusal of a request that is over this limit. */
  refuse(charge: CallCharge, retryAfterSeconds: number): AuthError;
  readings(): CallQuotaReadings;
}

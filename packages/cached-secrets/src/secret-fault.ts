/** Why a secret could not be read. A closed list for all backends, so that metrics can count them. */
export type SecretFault =
  | 'access_denied'
  | 'login_refused'
  | 'credentials_missing'
  | 'not_found'
  | 'version_unusable'
  | 'unavailable'
  | 'timeout'
  | 'rejected'
  | 'checksum_mismatch'
  | 'empty'
  | 'too_long'
  | 'not_text'
  | 'unexpected_answer'
  | 'not_valid';

/** One attempt that brought no value. */
export interface FaultyReading {
  readonly fault: SecretFault;
  /** What happened, for the operator. It must not contain a byte of a secret or a token. */
  readonly detail: string;
  readonly cause?: unknown;
}

// The faults that can end without a change by the operator, with the number of attempts. A retry of
// any other fault would fail in the same way.
const temporaryFaults: ReadonlyMap<SecretFault, number> = new Map([
  ['unavailable', 3],
  ['timeout', 3],
  ['checksum_mismatch', 2],
]);

/** Whether a retry may succeed without a change by the operator. */
export function isTemporary(fault: SecretFault): boolean {
  return temporaryFaults.has(fault);
}

/** How many attempts a fault is worth, the first one included. */
export function attemptsFor(fault: SecretFault): number {
  return temporaryFaults.get(fault) ?? 1;
}

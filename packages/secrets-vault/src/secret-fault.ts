/** Why a secret could not be read. A closed list, for metrics. */
export type SecretFault =
  | 'access_denied'
  | 'login_refused'
  | 'credentials_missing'
  | 'not_found'
  | 'version_unusable'
  | 'unavailable'
  | 'timeout'
  | 'rejected'
  | 'empty'
  | 'too_long'
  | 'not_text'
  | 'unexpected_answer'
  | 'not_valid';

/** One attempt that brought nothing. */
export interface FaultyReading {
  readonly fault: SecretFault;
  /** For the operator: what happened, without a byte of a secret or a token. */
  readonly detail: string;
  readonly cause?: unknown;
}

/** What helps, where it is known. */
export type Remedies = Readonly<Partial<Record<SecretFault, string>>>;

/** How many attempts a fault is worth. What cannot pass would fail in the same way again. */
export function attemptsFor(fault: SecretFault): number {
  return fault === 'unavailable' || fault === 'timeout' ? 3 : 1;
}

const meanings: Readonly<Record<number, string>> = {
  412: 'not there yet',
  429: 'too many requests, or a standby node',
  472: 'a secondary for disaster recovery',
  473: 'a standby node',
  502: 'something behind it failed',
  503: 'sealed, or in maintenance',
};

/** What a status says that is neither an answer nor about permission. */
export function toFault(status: number): FaultyReading {
  const meaning = meanings[status];
  const detail = meaning === undefined ? `HTTP ${status}` : `HTTP ${status}: ${meaning}`;
  const mayPass = status >= 500 || meaning !== undefined;
  return { fault: mayPass ? 'unavailable' : 'rejected', detail };
}

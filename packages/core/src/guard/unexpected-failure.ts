/** Describes an unexpected error, and leaves out every piece of the credentials. */
import type { OperationalEvent } from '../audit/operational-event.ts';

/** The part of a guard that an unexpected error came from. */
export type FailureSource =
  | 'verifier'
  | 'rate_limiter'
  | 'sender_constraint'
  | 'scope_policy'
  | 'rule'
  | 'audit';

/** Reported when a part of the guard throws anything but an `AuthError`. */
export interface UnexpectedFailureEvent extends OperationalEvent {
  readonly type: 'unexpected_failure';
  readonly source: FailureSource;
  /** The error's class, such as `TypeError`. */
  readonly errorName: string;
  /** The error's code or that of its cause, such as `ECONNREFUSED`. */
  readonly errorCode?: string;
  /** At most 200 characters. Whatever may be a piece of a credential is `[redacted]`. */
  readonly message: string;
}

const pieceLength = 5;
const maximumLength = 200;

/** @param credentials Raw values of the request that no event may show. */
export function describeFailure(
  source: FailureSource,
  error: unknown,
  credentials: readonly string[],
): UnexpectedFailureEvent {
  const forms = credentials.flatMap(formsOf).map(normalise);
  const isSafe = (word: string) => redact(word, forms) === word;
  const word = (value: unknown): string | undefined =>
    typeof value === 'string' && /^[A-Za-z_$][\w$.-]{0,39}$/.test(value) && isSafe(value)
      ? value
      : undefined;
  const errorCode = word(read(error, 'code')) ?? word(read(read(error, 'cause'), 'code'));
  const text = read(error, 'message');
  return {
    type: 'unexpected_failure',
    source,
    errorName: word(read(error, 'name')) ?? (error instanceof Error ? 'Error' : typeof error),
    ...(errorCode !== undefined && { errorCode }),
    message: redact(typeof text === 'string' ? text : 'no message', forms),
  };
}

function read(value: unknown, member: string): unknown {
  try {
    return typeof value === 'object' && value !== null ? Reflect.get(value, member) : undefined;
  } catch {
    return undefined;
  }
}

function redact(text: string, forms: readonly string[]): string {
  // Longer than what is shown, so that the cut leaves no unrecognised piece at the end.
  const shown = text.slice(0, maximumLength + pieceLength);
  const searched = normalise(shown);
  const hidden = new Set<number>();
  for (let start = 0; start + pieceLength <= searched.length; start += 1) {
    const piece = searched.slice(start, start + pieceLength);
    if (!forms.some((form) => form.includes(piece))) continue;
    for (let index = start; index < start + pieceLength; index += 1) hidden.add(index);
  }
  return (
    Array.from({ length: shown.length }, (_, index) =>
      hidden.has(index) ? '\0' : shown.charAt(index),
    )
      .slice(0, maximumLength)
      .join('')
      .replace(/\0+/g, '[redacted]')
      // Secrets that this file does not know: percent-encoded text, and long words with digits.
      .replace(/(?:%[0-9A-Fa-f]{2}){2,}/g, '[redacted]')
      .replace(/(?=[A-Za-z+/_=-]*\d)[\w+/=-]{20,}/g, '[redacted]')
      .replace(/[^\x20-\x7e]/g, ' ')
  );
}

/** How errors quote a value: as it is, percent-encoded, in base64 at each alignment, in hex. */
function formsOf(value: string): readonly string[] {
  const bytes = [...new TextEncoder().encode(value)];
  const binary = bytes.map((byte) => String.fromCharCode(byte)).join('');
  const encoded = ['', '\0', '\0\0'].map((pad) => btoa(pad + binary).slice(pad ? 4 : 0));
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return [value, encodeURIComponent(value.toWellFormed()), ...encoded, hex];
}

/** Base64url and base64, and upper and lower case, look the same afterwards. */
function normalise(text: string): string {
  return text
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase())
    .replaceAll('-', '+')
    .replaceAll('_', '/');
}

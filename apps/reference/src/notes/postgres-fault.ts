/** What the client of PostgreSQL throws, as faults of a note store. */
import { type NoteFault, NoteStoreError } from './note-fault.ts';

// https://www.postgresql.org/docs/current/errcodes-appendix.html, by class or by code.
const faultOfState: readonly (readonly [beginning: string, fault: NoteFault])[] = [
  // Connections, resources, and an operator who stops the server.
  ['08', 'unavailable'],
  ['57P', 'unavailable'],
  ['53100', 'full'],
  ['53', 'unavailable'],
  // A lock, or a serialisation that failed.
  ['55P03', 'busy'],
  ['57014', 'busy'],
  ['40', 'busy'],
  // A replica.
  ['25006', 'read_only'],
  ['42501', 'read_only'],
  ['28', 'unreadable'],
  ['3D', 'unreadable'],
  ['42', 'unreadable'],
  ['58', 'unreadable'],
  ['XX', 'unreadable'],
];

/** What another start would not change. */
const startProblems: readonly (readonly [code: RegExp, problem: string])[] = [
  [/^28/, 'is refused by the server: check the user and the password'],
  [/^3D/, 'names a database that does not exist'],
  [/^(?:42501|25006)$/, 'names a user that cannot create the tables'],
  [/^ENOTFOUND$/, 'names a host that does not exist'],
  [
    /CERT|SIGNATURE|ERR_TLS/,
    'names a server whose certificate is not trusted. Set sslrootcert to the file of its certification authority',
  ],
];
const withoutTls = /does not support SSL/;

/** @param error What the client threw. */
export function toPostgresFault(error: unknown): NoteStoreError {
  if (error instanceof NoteStoreError) return error;
  const { code, severity } = error as { code?: unknown; severity?: unknown };
  // Errors of the server have a severity. The others are about the connection.
  if (typeof code !== 'string' || severity === undefined) {
    const isBug = ['TypeError', 'RangeError', 'ReferenceError'].includes((error as Error)?.name);
    return new NoteStoreError(isBug ? 'unexpected' : 'unavailable', error);
  }
  const fault = faultOfState.find(([beginning]) => code.startsWith(beginning))?.[1];
  return new NoteStoreError(fault ?? 'unexpected', error);
}

/** @returns What an operator must change. `undefined`: another start may succeed. */
export function findStartProblem({ cause }: NoteStoreError): string | undefined {
  const { code, message } = (cause ?? {}) as { code?: unknown; message?: unknown };
  if (typeof message === 'string' && withoutTls.test(message)) {
    return 'names a server without TLS. Set sslmode=disable only where nobody else can read the network';
  }
  return startProblems.find(([form]) => typeof code === 'string' && form.test(code))?.[1];
}

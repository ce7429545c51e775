/** The binding of a token to a key (RFC 7800). Only the holder of the key may use the token. */

import { AuthError } from '../errors.ts';
import type { Claims } from '../token/claims.ts';

/** How a token names that key: RFC 9449 §6.1, RFC 8705 §3.1. */
export type ConfirmationMethod = 'jkt' | 'x5t#S256';

/** The key that a token is bound to. */
export interface Confirmation {
  readonly method: ConfirmationMethod;
  /** SHA-256 of the key's JWK thumbprint or of the certificate, as 43 characters of base64url. */
  readonly thumbprint: string;
}

// 32 bytes; the last character has two bits to spare, which are zero.
const sha256Thumbprint = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;

// Keycloak says with it for which kinds of tokens the key is. It names no key.
const withoutKey: ReadonlySet<string> = new Set(['kc-jkt-type']);

/**
 * Reads `cnf`. Refuses a binding with an unknown member, and a binding whose proof the caller does not ask for.
 * Otherwise a bound token could be used without its proof. A token has one key (RFC 7800 §3.1), so several members
 * are refused too.
 *
 * @param checked `VerifyContext.confirmationMethods`.
 * @returns Frozen; `undefined` for a bearer token.
 * @throws {AuthError} `token_sender_constrained`.
 */
export function readConfirmation(
  { cnf }: Claims,
  checked: ReadonlySet<ConfirmationMethod> | undefined,
): Confirmation | undefined {
  if (cnf === undefined) return undefined;
  const all = typeof cnf === 'object' && cnf !== null ? Object.entries(cnf) : [];
  const members = all.filter(([name]) => !withoutKey.has(name));
  const [method, thumbprint]: readonly unknown[] = members.length === 1 ? members.flat() : [];
  if (Array.isArray(cnf) || !isMethod(method)) {
    refuse('an unknown kind of binding; jkt and x5t#S256 are understood');
  }
  if (typeof thumbprint !== 'string' || !sha256Thumbprint.test(thumbprint)) {
    refuse(`${method} is not a SHA-256 thumbprint`);
  }
  const confirmation = Object.freeze({ method, thumbprint });
  assertConfirmationAccepted(confirmation, checked);
  return confirmation;
}

/**
 * Refuses a bound token if the caller does not ask for its proof. A verifier that caches principals calls it for
 * every cache hit: the next caller may ask for fewer proofs than the first one.
 *
 * @param checked `VerifyContext.confirmationMethods`.
 * @throws {AuthError} `token_sender_constrained`.
 */
export function assertConfirmationAccepted(
  confirmation: Confirmation | undefined,
  checked: ReadonlySet<ConfirmationMethod> | undefined,
): void {
  if (confirmation !== undefined && checked?.has(confirmation.method) !== true) {
    const { method } = confirmation;
    refuse(`bound to ${bindings[method]}, and this server asks for no ${proofs[method]}`);
  }
}

/** What a token can be bound to, for details. */
export const bindings: Readonly<Record<ConfirmationMethod, string>> = {
  jkt: 'a DPoP key',
  'x5t#S256': 'a client certificate',
};

const proofs: Readonly<Record<ConfirmationMethod, string>> = {
  jkt: 'DPoP proof',
  'x5t#S256': 'client certificate',
};

/** Whether both name the same key, or neither names one. */
export function isSameConfirmation(
  one: Confirmation | undefined,
  other: Confirmation | undefined,
): boolean {
  return one?.method === other?.method && one?.thumbprint === other?.thumbprint;
}

function isMethod(name: unknown): name is ConfirmationMethod {
  return name === 'jkt' || name === 'x5t#S256';
}

function refuse(detail: string): never {
  throw new AuthError('token_sender_constrained', { detail: `cnf: ${detail}` });
}

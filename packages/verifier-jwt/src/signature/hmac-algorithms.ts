/** Signature algorithms with a shared secret (RFC 7518 §3.2). */
export type HmacAlgorithm = 'HS256' | 'HS384' | 'HS512';

/** The minimum length of the secret in bytes: the length of the hash (RFC 7518 §3.2). */
export const hmacKeyBytes: ReadonlyMap<string, number> = new Map<HmacAlgorithm, number>([
  ['HS256', 32],
  ['HS384', 48],
  ['HS512', 64],
]);

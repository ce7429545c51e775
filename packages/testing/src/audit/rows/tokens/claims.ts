/** Signed tokens whose claims are wrong. */
import { isBadToken } from '../../judge/judges.ts';
import { type RowEntry, type Severity, table } from '../../row.ts';
import type { Kit } from '../../target/kit.ts';

const right = 'answers 401';
/** Claims of a token. */
export type Claims = Readonly<Record<string, unknown>>;
type Make = (kit: Kit, good: Claims) => Claims;
/** One change of the claims. */
export type Entry = readonly [
  requirement: string,
  clause: string,
  severity: Severity,
  title: string,
  make: Make,
  header?: Claims,
];

/** Makes a row of a signed token with these changes. */
export function toRow([requirement, clause, severity, title, make, header]: Entry): RowEntry {
  return {
    ...{ title: `a signed token with ${title}`, requirement, clause, right, severity },
    async request(kit) {
      const token = await kit.mint?.(make(kit, kit.jwt?.claims ?? {}), header);
      return token === undefined ? undefined : kit.call({ authorization: `Bearer ${token}` });
    },
    judge: isBadToken,
  };
}

/** A claim that can be a list, as text. */
export function text(value: unknown): string {
  return `${Array.isArray(value) ? value[0] : value}`;
}
const issuer = 'RFC 9068 §4; RFC 8725 §3.8';
const bound = 'RFC 9449 §7.2; RFC 8705 §3';

/** Issuer, subject, binding and kind. */
export const claims: ReturnType<typeof table> = table(
  'claims',
  ['mint', 'jwt'],
  (
    [
      ['CLM-12', issuer, 'critical', 'another issuer', () => ({ iss: 'https://audit.example' })],
      ['CLM-12', issuer, 'high', 'no issuer', () => ({ iss: undefined })],
      [
        'CLM-12',
        issuer,
        'medium',
        'a slash behind the issuer',
        (_kit, { iss }) => ({ iss: `${iss}/` }),
      ],
      [
        'CLM-12',
        issuer,
        'medium',
        'the issuer in capitals',
        (_kit, { iss }) => ({ iss: text(iss).toUpperCase() }),
      ],
      ['CLM-12', issuer, 'medium', 'a list of issuers', (_kit, { iss }) => ({ iss: [iss] })],
      [
        'CLM-12',
        issuer,
        'medium',
        'a path behind the issuer',
        (_kit, { iss }) => ({ iss: `${iss}/audit` }),
      ],
      ['CLM-12', issuer, 'medium', 'an issuer that is null', () => ({ iss: null })],
      ['CLM-18', 'RFC 9068 §2.2', 'medium', 'no subject', () => ({ sub: undefined })],
      ['CLM-18', 'RFC 7519 §4.1.2', 'low', 'a number as subject', () => ({ sub: 1 })],
      ['CLM-18', 'RFC 7519 §4.1.2', 'low', 'an object as subject', () => ({ sub: { audit: 1 } })],
      ['CLM-18', 'RFC 7519 §4.1.2', 'low', 'an empty subject', () => ({ sub: '' })],
      [
        'CLM-17',
        bound,
        'low',
        'a binding to a DPoP key, as a bearer token',
        () => ({ cnf: { jkt: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I' } }),
      ],
      [
        'CLM-17',
        bound,
        'low',
        'a binding to a certificate, as a bearer token',
        () => ({ cnf: { 'x5t#S256': 'bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2' } }),
      ],
      ['CLM-17', bound, 'low', 'a binding of an unknown kind', () => ({ cnf: { audit: 'x' } })],
      [
        'TOK-16',
        'RFC 8725 §3.11',
        'low',
        'the type and the claims of an ID token',
        () => ({ nonce: 'audit', at_hash: 'audit' }),
        { typ: 'JWT' },
      ],
      ['CLM-14', 'RFC 6749 §3.3', 'low', 'an object as scope', () => ({ scope: { read: true } })],
    ] as const satisfies readonly Entry[]
  ).map(toRow),
);

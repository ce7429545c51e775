/** Tokens whose text is wrong. Each is made from a good one. */
import { isBadCredential } from '../../judge/judges.ts';
import { type RowEntry, type Severity, table } from '../../row.ts';
import type { Kit } from '../../target/kit.ts';
import { encode } from '../../tokens/sign.ts';
import type { DecodedToken } from '../../tokens/token-source.ts';

import { bearer, signedTexts } from './signed-texts.ts';

const right = 'answers 401';

type Form = readonly [
  requirement: string,
  clause: string,
  title: string,
  change: (token: DecodedToken, kit: Kit) => string,
];

const join = (...segments: readonly string[]) => segments.join('.');

/** Replaces one character by another of the alphabet. */
function flip(text: string, at: number): string {
  const index = at < 0 ? text.length + at : at;
  return `${text.slice(0, index)}${text[index] === 'A' ? 'Q' : 'A'}${text.slice(index + 1)}`;
}

/** Sets a bit that base64url does not use. `undefined`: every bit is used. */
function strayBit(segment: string): string | undefined {
  if (segment.length % 4 === 0) return undefined;
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const last = alphabet.indexOf(segment.at(-1) ?? 'A');
  return `${segment.slice(0, -1)}${alphabet[last ^ 1]}`;
}

const altered = (changes: object) => (token: DecodedToken) =>
  join(
    token.segments[0],
    encode(JSON.stringify({ ...token.claims, ...changes })),
    token.segments[2],
  );

const [parts, base64, forged] = ['RFC 7515 §3.1', 'RFC 7515 §2', 'RFC 7515 §5.2'];

const forms: readonly Form[] = [
  ['TOK-09', parts, 'only the header', ({ segments: [header] }) => header],
  ['TOK-09', parts, 'no signature', ({ segments: [header, payload] }) => join(header, payload)],
  [
    'TOK-09',
    parts,
    'an empty signature',
    ({ segments: [header, payload] }) => join(header, payload, ''),
  ],
  ['TOK-09', parts, 'an empty header', ({ segments: [, payload, end] }) => join('', payload, end)],
  ['TOK-09', parts, 'an empty payload', ({ segments: [header, , end] }) => join(header, '', end)],
  ['TOK-09', parts, 'only dots', () => '..'],
  ['TOK-09', parts, 'a fourth part', ({ segments }) => join(...segments, 'audit')],
  ['TOK-09', parts, 'a dot behind', ({ segments }) => join(...segments, '')],
  ['TOK-09', parts, 'a dot in front', ({ segments }) => join('', ...segments)],
  ['TOK-08', base64, 'padding behind the signature', ({ segments }) => `${join(...segments)}==`],
  [
    'TOK-08',
    base64,
    'padding behind the header',
    ({ segments: [header, payload, end] }) => join(`${header}=`, payload, end),
  ],
  [
    'TOK-08',
    base64,
    'the alphabet of plain base64',
    ({ segments }) => `${join(...segments.slice(0, 2))}.${segments[2].replace(/^./, '+')}`,
  ],
  [
    'TOK-08',
    base64,
    'a stray bit in the signature',
    ({ segments: [header, payload, end] }) => join(header, payload, strayBit(end) ?? flip(end, 0)),
  ],
  [
    'TOK-08',
    base64,
    'percent-encoding',
    ({ segments }) => join(...segments).replaceAll('.', '%2e'),
  ],
  ['TOK-09', parts, 'quotes around it', ({ segments }) => `"${join(...segments)}"`],
  ['HDR-04', 'RFC 6750 §2.1', 'a second word', ({ segments }) => `${join(...segments)} audit`],
  [
    'HDR-04',
    'RFC 6750 §2.1',
    'a comma and a second token',
    ({ segments }) => `${join(...segments)},audit`,
  ],
  ['HDR-04', 'RFC 6750 §2.1', 'the scheme twice', ({ segments }) => `Bearer ${join(...segments)}`],
  [
    'ANS-03',
    forged,
    'another first character of the signature',
    ({ segments: [header, payload, end] }) => join(header, payload, flip(end, 0)),
  ],
  [
    'ANS-03',
    forged,
    'another character in the middle of the signature',
    ({ segments: [header, payload, end] }) => join(header, payload, flip(end, end.length >> 1)),
  ],
  [
    'ANS-03',
    forged,
    'a signature cut in half',
    ({ segments: [header, payload, end] }) =>
      join(header, payload, end.slice(0, (end.length >> 2) << 1)),
  ],
  [
    'ANS-03',
    forged,
    'the signature twice',
    ({ segments: [header, payload, end] }) => join(header, payload, end + end),
  ],
  [
    'TOK-05',
    'CVE-2022-21449',
    'a signature of zeros',
    ({ segments: [header, payload] }) => join(header, payload, 'A'.repeat(86)),
  ],
  [
    'TOK-24',
    'Cloud Run, service-to-service authentication',
    'the signature that Google Cloud writes',
    ({ segments: [header, payload] }) => join(header, payload, 'SIGNATURE_REMOVED_BY_GOOGLE'),
  ],
  ['ANS-03', forged, 'another subject', altered({ sub: 'audit-admin' })],
  ['ANS-03', forged, 'more scopes', altered({ scope: 'admin read write', scp: ['admin'] })],
  ['ANS-03', forged, 'a later end', altered({ exp: 4_000_000_000 })],
  [
    'ANS-03',
    forged,
    'another member in the header',
    (token) =>
      join(
        encode(JSON.stringify({ ...token.header, audit: 1 })),
        token.segments[1],
        token.segments[2],
      ),
  ],
  [
    'TOK-10',
    'CVE-2024-28176',
    'the form of an encrypted token',
    ({ segments: [, payload, end] }) =>
      join(encode('{"alg":"dir","enc":"A256GCM","zip":"DEF"}'), '', end, payload, end),
  ],
  [
    'TOK-10',
    'CVE-2023-51774',
    'an encrypted token that costs 2³¹ rounds',
    ({ segments: [, payload, end] }) =>
      join(
        encode('{"alg":"PBES2-HS512+A256KW","enc":"A256GCM","p2c":2147483647,"p2s":"YXVkaXQ"}'),
        end,
        end,
        payload,
        end,
      ),
  ],
  [
    'TOK-09',
    'RFC 7515 §7.2',
    'the JSON form',
    ({ segments: [header, payload, end] }) =>
      JSON.stringify({ payload, protected: header, signature: end }),
  ],
];

/** Some forms are only read too generously: the signature is checked. */
function severityOf(requirement: string, title: string): Severity {
  if (requirement === 'TOK-08' || requirement === 'HDR-04') return 'low';
  return /fourth|dot|quotes/.test(title) ? 'medium' : 'critical';
}

/** Token forms. */
export const tokenForm: ReturnType<typeof table> = table(
  'token-form',
  ['token', 'jwt'],
  [
    ...forms.map(
      ([requirement, clause, title, change]): RowEntry => ({
        title: `a good token with ${title}`.replace('with only', 'of which there is only'),
        ...{ requirement, clause, right, severity: severityOf(requirement, title) },
        request: (kit) => bearer(kit, kit.jwt && change(kit.jwt, kit)),
        judge: isBadCredential,
      }),
    ),
    ...signedTexts,
  ],
);

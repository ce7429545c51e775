/** Signed tokens whose claims are wrong. */
import { isBadToken } from '../../judge/judges.ts';
import { type RowEntry, type Severity, table } from '../../row.ts';
import type { Kit } from '../../target/kit.ts';
import { encode, signSegments } from '../../tokens/sign.ts';

const right = 'answers 401';
type Claims = Readonly<Record<string, unknown>>;
type Make = (kit: Kit, good: Claims) => Claims;
type Entry = readonly [
  requirement: string,
  clause: string,
  severity: Severity,
  title: string,
  make: Make,
];

const now = () => Math.floor(Date.now() / 1_000);

function toRow([requirement, clause, severity, title, make]: Entry): RowEntry {
  return {
    ...{ title: `a signed token with ${title}`, requirement, clause, right, severity },
    async request(kit) {
      const token = await kit.mint?.(make(kit, kit.jwt?.claims ?? {}));
      return token === undefined ? undefined : kit.call({ authorization: `Bearer ${token}` });
    },
    judge: isBadToken,
  };
}

const text = (value: unknown) => `${Array.isArray(value) ? value[0] : value}`;
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
        'high',
        'a binding to a DPoP key, as a bearer token',
        () => ({ cnf: { jkt: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I' } }),
      ],
      [
        'CLM-17',
        bound,
        'high',
        'a binding to a certificate, as a bearer token',
        () => ({ cnf: { 'x5t#S256': 'bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2' } }),
      ],
      ['CLM-17', bound, 'medium', 'a binding of an unknown kind', () => ({ cnf: { audit: 'x' } })],
      [
        'TOK-16',
        'RFC 8725 §3.11',
        'medium',
        'the claims of an ID token',
        () => ({ nonce: 'audit', at_hash: 'audit' }),
      ],
      ['CLM-14', 'RFC 6749 §3.3', 'low', 'an object as scope', () => ({ scope: { read: true } })],
    ] as const satisfies readonly Entry[]
  ).map(toRow),
);

const exact = 'RFC 7519 §4.1.3; RFC 8707 §2';
const host = (audience: string) => (URL.canParse(audience) ? new URL(audience).host : '');

const audiences: readonly (readonly [
  severity: Severity,
  title: string,
  make: (audience: string, good: Claims) => unknown,
])[] = [
  ['critical', 'no audience', () => undefined],
  ['critical', 'another server as audience', () => 'https://audit.example/mcp'],
  [
    'critical',
    'a list of other servers as audience',
    () => ['https://audit.example', 'https://b.example'],
  ],
  ['high', 'an empty audience', () => ''],
  ['high', 'an empty list as audience', () => []],
  ['high', 'null as audience', () => null],
  ['high', 'a list with null as audience', () => [null]],
  ['high', 'a star as audience', () => '*'],
  ['high', 'a number as audience', () => 1],
  ['high', 'an object as audience', (audience) => ({ [audience]: true })],
  ['medium', 'a nested list as audience', (audience) => [[audience]]],
  ['medium', 'the issuer as audience', (_audience, { iss }) => iss],
  [
    'medium',
    'the client as audience',
    (_audience, { client_id: client }) => client ?? 'audit-client',
  ],
  ['medium', 'a slash behind the audience', (audience) => `${audience}/`],
  ['medium', 'a path below the audience', (audience) => `${audience}/audit`],
  ['medium', 'a longer last segment of the audience', (audience) => `${audience}x`],
  ['medium', 'a shorter audience', (audience) => audience.slice(0, -1)],
  ['medium', 'the audience as prefix of a host', (audience) => `${audience}.audit.example`],
  ['medium', 'the audience in capitals', (audience) => audience.toUpperCase()],
  ['medium', 'a query behind the audience', (audience) => `${audience}?audit`],
  ['medium', 'a fragment behind the audience', (audience) => `${audience}#audit`],
  ['medium', 'an encoded slash behind the audience', (audience) => `${audience}%2f`],
  ['medium', 'another scheme of the audience', (audience) => swapScheme(audience)],
  ['medium', 'the host alone as audience', (audience) => host(audience) || 'audit'],
  ['medium', 'a space before the audience', (audience) => ` ${audience}`],
  ['medium', 'two audiences in one text', (audience) => `${audience} https://audit.example`],
];

function swapScheme(audience: string): string {
  return audience.startsWith('https:')
    ? audience.replace('https:', 'http:')
    : audience.replace(/^(?:http:)?/, 'https:');
}

/** The audience is compared as text. */
export const audience: ReturnType<typeof table> = table(
  'audience',
  ['mint', 'jwt'],
  audiences.map(([severity, title, make]) =>
    toRow([
      'CLM-11',
      exact,
      severity,
      title,
      (_kit, good) => ({ aud: make(text(good['aud']), good) }),
    ]),
  ),
);

const time = 'RFC 7519 §4.1.4';
const timed: readonly Entry[] = [
  ['CLM-01', 'RFC 9068 §2.2', 'high', 'no end', () => ({ exp: undefined })],
  [
    'CLM-07',
    time,
    'critical',
    'an end one hour ago',
    () => ({ exp: now() - 3_600, iat: now() - 7_200 }),
  ],
  [
    'CLM-07',
    time,
    'high',
    'an end five minutes ago',
    () => ({ exp: now() - 300, iat: now() - 600 }),
  ],
  [
    'CLM-07',
    time,
    'medium',
    'an end three minutes ago',
    () => ({ exp: now() - 180, iat: now() - 600 }),
  ],
  ['CLM-03', time, 'high', 'null as end', () => ({ exp: null })],
  ['CLM-03', time, 'medium', 'a text as end', () => ({ exp: `${now() + 600}` })],
  ['CLM-03', time, 'medium', 'true as end', () => ({ exp: true })],
  ['CLM-03', time, 'medium', 'a list as end', () => ({ exp: [now() + 600] })],
  ['CLM-03', time, 'medium', 'an object as end', () => ({ exp: {} })],
  ['CLM-03', time, 'medium', 'a negative end', () => ({ exp: -1 })],
  ['CLM-03', time, 'medium', 'an end of zero', () => ({ exp: 0 })],
  [
    'CLM-04',
    'RFC 7519 §2, NumericDate',
    'medium',
    'an end in milliseconds',
    () => ({ exp: Date.now() + 600_000 }),
  ],
  ['CLM-02', time, 'medium', 'an end of 1e300', () => ({ exp: 1e300 })],
  [
    'CLM-06',
    'RFC 7519 §4.1.5',
    'medium',
    'a start in one hour',
    () => ({ nbf: now() + 3_600, exp: now() + 7_200 }),
  ],
  [
    'CLM-06',
    'RFC 7519 §4.1.5',
    'medium',
    'a start in five minutes',
    () => ({ nbf: now() + 300, exp: now() + 600 }),
  ],
  ['CLM-06', 'RFC 7519 §4.1.5', 'low', 'a text as start', () => ({ nbf: 'tomorrow' })],
  [
    'CLM-06',
    'RFC 7519 §4.1.6',
    'low',
    'an issue in one hour',
    () => ({ iat: now() + 3_600, exp: now() + 7_200 }),
  ],
  ['CLM-06', 'RFC 7519 §4.1.6', 'low', 'a text as time of issue', () => ({ iat: 'today' })],
  [
    'CLM-05',
    'RFC 9068 §2.2; RFC 9700 §2.2',
    'low',
    'a life of ten years',
    () => ({ exp: now() + 315_360_000 }),
  ],
];

/** Times. */
export const expiry: ReturnType<typeof table> = table(
  'expiry',
  ['mint', 'jwt'],
  [
    ...timed.map(toRow),
    ...['1e999', '-1e999'].map(
      (number): RowEntry => ({
        title: `a signed token with the number ${number} as end`,
        ...{ requirement: 'CLM-02', clause: time, right, severity: 'high', needs: ['key'] },
        request(kit) {
          const { signer } = kit;
          if (signer === undefined) return undefined;
          const { header, claims: good } = signer.good();
          const payload = JSON.stringify({ ...good, exp: 1 }).replace('"exp":1', `"exp":${number}`);
          const segments = [encode(JSON.stringify(header)), encode(payload)] as const;
          const token = signSegments(...segments, signer.key, signer.algorithm);
          return kit.call({ authorization: `Bearer ${token}` });
        },
        judge: isBadToken,
      }),
    ),
  ],
);

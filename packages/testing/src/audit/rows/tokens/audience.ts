/** Signed tokens for other servers, and at other times. */
import { isBadToken } from '../../judge/judges.ts';
import { type RowEntry, type Severity, table } from '../../row.ts';
import { encode, signSegments } from '../../tokens/sign.ts';
import { type Claims, type Entry, text, toRow } from './claims.ts';

const right = 'answers 401';
const now = () => Math.floor(Date.now() / 1_000);

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

/** A good token in a wrong place, and fields that come twice. */
import { isBadCredential, isHandled, isRefused } from '../../judge/judges.ts';
import { type Judge, type RowEntry, table } from '../../row.ts';
import type { CallChanges, Kit } from '../../target/kit.ts';
import type { Fields } from '../../wire/request.ts';

type Place = readonly [
  requirement: string,
  clause: string,
  title: string,
  change: (kit: Kit) => CallChanges,
];

const query = 'OAuth 2.1 §5.1; MCP 2025-06-18 authorization';
const field = 'OAuth 2.1 §5.1';
const inField = (name: string, prefix = ''): Place => [
  'HDR-10',
  field,
  `in ${name}`,
  (kit) => ({ fields: [[name, `${prefix}${kit.token}`]] }),
];

const places: readonly Place[] = [
  [
    'HDR-09',
    query,
    'in the query, as access_token',
    (kit) => ({ target: `${kit.path}?access_token=${kit.token}` }),
  ],
  [
    'HDR-09',
    query,
    'in the query, as token',
    (kit) => ({ target: `${kit.path}?token=${kit.token}` }),
  ],
  [
    'HDR-09',
    query,
    'in the query, as authorization',
    (kit) => ({ target: `${kit.path}?authorization=Bearer%20${kit.token}` }),
  ],
  [
    'HDR-09',
    query,
    'in the query, as api_key',
    (kit) => ({ target: `${kit.path}?api_key=${kit.token}` }),
  ],
  [
    'HDR-10',
    'RFC 6750 §2.2',
    'in a form',
    (kit) => ({
      fields: [['Content-Type', 'application/x-www-form-urlencoded']],
      body: `access_token=${kit.token}`,
    }),
  ],
  [
    'HDR-10',
    field,
    'in the message',
    (kit) => ({
      body: JSON.stringify({
        ...kit.message,
        access_token: kit.token,
        _meta: { authorization: `Bearer ${kit.token}` },
      }),
    }),
  ],
  [
    'HDR-10',
    field,
    'in the user name of the address',
    (kit) => ({ target: `http://${kit.token}@${kit.authority}${kit.path}` }),
  ],
  inField('Cookie', 'access_token='),
  inField('Cookie', 'Authorization=Bearer '),
  inField('X-Authorization', 'Bearer '),
  inField('X-Serverless-Authorization', 'Bearer '),
  inField('X-Forwarded-Authorization', 'Bearer '),
  inField('X-Forwarded-Access-Token'),
  inField('X-Auth-Request-Access-Token'),
  inField('X-Amzn-Oidc-Accesstoken'),
  inField('X-Original-Authorization', 'Bearer '),
  inField('Proxy-Authorization', 'Bearer '),
  inField('X-API-Key'),
  inField('X-Access-Token'),
  inField('Authentication', 'Bearer '),
  inField('Sec-WebSocket-Protocol', 'bearer, '),
];

/** Credentials in other places. */
export const credentials: ReturnType<typeof table> = table(
  'credentials',
  ['token'],
  [
    ...places.map(
      ([requirement, clause, title, change]): RowEntry => ({
        title: `the good token ${title} alone`,
        ...{ requirement, clause, right: 'answers as without a token', severity: 'medium' },
        request: (kit) => kit.call({ authorization: null, ...change(kit) }),
        judge: isRefused,
      }),
    ),
    {
      title: 'the good token in the query and in Authorization',
      ...{ requirement: 'ANS-02', clause: 'RFC 6750 §2', right: 'answers 400', severity: 'low' },
      request: (kit) => kit.call({ target: `${kit.path}?access_token=${kit.token}` }),
      judge: isRefused,
    },
  ],
);

type Twice = readonly [title: string, fields: (good: string, kit: Kit) => Fields, judge?: Judge];

const twice: readonly Twice[] = [
  [
    'a good token and then a bad one',
    (good) => [
      ['Authorization', good],
      ['Authorization', 'Bearer audit'],
    ],
  ],
  [
    'a bad token and then a good one',
    (good) => [
      ['Authorization', 'Bearer audit'],
      ['Authorization', good],
    ],
  ],
  [
    'the good token twice',
    (good) => [
      ['Authorization', good],
      ['authorization', good],
    ],
  ],
  [
    'Basic and the good token',
    (good) => [
      ['Authorization', 'Basic YTpi'],
      ['Authorization', good],
    ],
  ],
  [
    'the good token and an empty field',
    (good) => [
      ['Authorization', good],
      ['Authorization', ''],
    ],
  ],
  ['two tokens in one field', (good) => [['Authorization', `${good}, Bearer audit`]]],
  ['a tab in place of the space', (good) => [['Authorization', good.replace(' ', '\t')]]],
  ['an equals sign in place of the space', (good) => [['Authorization', good.replace(' ', '=')]]],
  ['a folded line', (good) => [['', `Authorization: Bearer\r\n ${good.slice(7)}`]]],
  ['a space before the colon', (good) => [['', `Authorization : ${good}`]]],
  ['a bare line feed before the field', (good) => [['', `X-Audit: 1\nAuthorization: ${good}`]]],
  ['a NUL byte behind the token', (good) => [['Authorization', `${good}\0`]]],
  ['bytes beyond ASCII behind the token', (good) => [['Authorization', `${good}\u00e9`]]],
];

/** Fields that come twice, or are written in another way. */
export const duplicateFields: ReturnType<typeof table> = table(
  'duplicate-fields',
  ['token'],
  [
    ...twice.map(
      ([title, fields]): RowEntry => ({
        title: `Authorization with ${title}`,
        ...{ requirement: 'HDR-01', clause: 'RFC 9110 §5.3; RFC 6750 §3.1', severity: 'medium' },
        right: 'answers 400 or 401',
        request: (kit) =>
          kit.call({ authorization: null, fields: fields(`Bearer ${kit.token}`, kit) }),
        judge: isBadCredential,
      }),
    ),
    {
      title: 'the good token in a trailer of a chunked body',
      ...{ requirement: 'HDR-10', clause: 'RFC 9110 §6.5.1', severity: 'medium' },
      right: 'answers as without a token',
      request(kit) {
        const body = JSON.stringify(kit.message);
        const chunks = `${Buffer.byteLength(body).toString(16)}\r\n${body}\r\n0\r\n`;
        return kit.call({
          ...{ authorization: null, body: `${chunks}Authorization: Bearer ${kit.token}\r\n\r\n` },
          fields: [
            ['Transfer-Encoding', 'chunked'],
            ['Trailer', 'Authorization'],
          ],
        });
      },
      judge: isRefused,
    },
    ...(['Content-Type', 'Mcp-Session-Id', 'MCP-Protocol-Version'] as const).map(
      (name): RowEntry => ({
        title: `two different ${name} fields`,
        ...{ requirement: 'HDR-01', clause: 'RFC 9110 §5.3', severity: 'low' },
        right: 'serves it or refuses it, and never fails',
        request: (kit) =>
          kit.call({
            fields: [
              [name, 'audit/a'],
              [name, 'application/json'],
            ],
          }),
        judge: isHandled,
      }),
    ),
  ],
);

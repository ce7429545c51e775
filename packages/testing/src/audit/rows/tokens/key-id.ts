/** Headers that lead a verifier to another key, and header members that it must understand. */

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fail, isBadToken, refusedWith } from '../../judge/judges.ts';
import { type RowEntry, table } from '../../row.ts';
import type { Kit } from '../../target/kit.ts';
import { encode, signSegments } from '../../tokens/sign.ts';

const right = 'answers 401';
const clause = 'RFC 8725 §3.10';

const bearer = (kit: Kit, token: string) => kit.call({ authorization: `Bearer ${token}` });

/** A token of a stranger, with claims of a good one. */
function forge(kit: Kit, header: object): string {
  const { claims = {}, header: good = {} } = kit.jwt ?? {};
  const head = encode(JSON.stringify({ ...good, alg: 'ES256', ...header }));
  return signSegments(head, encode(JSON.stringify(claims)), kit.stranger.key, 'ES256');
}

const names: readonly (readonly [title: string, kid: unknown])[] = [
  ['a path to /dev/null', '../../../../../../dev/null'],
  ['a path to a file of the system', '/etc/hostname'],
  ['SQL', "x' UNION SELECT 'audit' -- "],
  ['a shell command', '| sleep 1 #'],
  ['an LDAP filter', '*)(uid=*))(|(uid=*'],
  ['a NUL byte', 'key\0'],
  ['a line break', 'key\r\nX-Audit: 1'],
  ['a URL', 'https://audit-foreign.example/keys'],
  ['an empty text', ''],
  ['__proto__', '__proto__'],
  ['constructor', 'constructor'],
  ['a number', 1],
  ['an object', { toString: 'audit' }],
  ['a list', ['audit']],
  ['null', null],
  ['5,000 characters', 'k'.repeat(5_000)],
];

const secrets: readonly (readonly [title: string, kid: string, secret: string])[] = [
  ['a path to an empty file, and the empty secret', '../../../../../../dev/null', ''],
  ['SQL that returns the secret', "x' UNION SELECT 'audit' -- ", 'audit'],
];

/** Signed with the good key. */
const members: readonly (readonly [
  requirement: string,
  clause: string,
  title: string,
  header: object,
])[] = [
  ['TOK-11', 'RFC 7515 §4.1.11', 'an unknown critical member', { crit: ['audit'], audit: 1 }],
  ['TOK-11', 'RFC 7515 §4.1.11', 'an empty list of critical members', { crit: [] }],
  ['TOK-11', 'CVE-2025-59420', 'a critical member that is a claim', { crit: ['exp'], exp: 1 }],
  ['TOK-11', 'RFC 7515 §4.1.11', 'critical members that are not a list', { crit: 'exp' }],
  ['TOK-12', 'RFC 7797 §6', 'b64: false without crit', { b64: false }],
  ['TOK-12', 'RFC 7797 §6', 'b64: true and crit', { b64: true, crit: ['b64'] }],
  ['TOK-17', 'RFC 8725 §3.3', 'cty: JWT', { cty: 'JWT' }],
];

const types = [
  'dpop+jwt',
  'logout+jwt',
  'secevent+jwt',
  'token-introspection+jwt',
  'entity-statement+jwt',
  'oauth-id-jag+jwt',
];

/** A token that names an address for its key. Nobody must ask there. */
function addressed(member: 'jku' | 'x5u'): RowEntry {
  return {
    title: `${member} with an address of the auditor`,
    ...{ requirement: 'TOK-13', clause: 'RFC 8725 §3.10; CVE-2018-0114', severity: 'critical' },
    right: 'answers 401 and does not ask at that address',
    async run(kit) {
      const { hostname } = kit.settings.url;
      const isLocal = hostname === 'localhost' || hostname.startsWith('127.');
      let asked = 0;
      const listener = createServer((_request, response) => {
        asked += 1;
        response.end(JSON.stringify({ keys: [kit.stranger.jwk] }));
      });
      listener.on('connection', () => {
        asked += 1;
      });
      if (isLocal) {
        listener.listen(0, '127.0.0.1');
        await once(listener, 'listening');
      }
      try {
        const port = isLocal ? (listener.address() as AddressInfo).port : 0;
        const address = isLocal ? `http://127.0.0.1:${port}/keys` : 'https://audit.invalid/keys';
        const answer = await kit.send(bearer(kit, forge(kit, { [member]: address })));
        if (asked > 0) return fail('the server asked at the address in the token');
        return isBadToken(answer, kit);
      } finally {
        listener.closeAllConnections();
        listener.close();
      }
    },
  };
}

/** Keys in tokens. */
export const keyId: ReturnType<typeof table> = table(
  'key-id',
  ['token', 'jwt'],
  [
    {
      title: 'jwk with the key of a stranger, who signed',
      ...{ requirement: 'TOK-13', clause: 'CVE-2018-0114', right, severity: 'critical' },
      request: (kit) => bearer(kit, forge(kit, { jwk: kit.stranger.jwk })),
      judge: isBadToken,
    },
    {
      title: 'jwk with the key of a stranger, and no kid',
      ...{ requirement: 'TOK-13', clause: 'CVE-2018-0114', right, severity: 'critical' },
      request: (kit) => bearer(kit, forge(kit, { jwk: kit.stranger.jwk, kid: undefined })),
      judge: isBadToken,
    },
    addressed('jku'),
    addressed('x5u'),
    {
      title: 'x5c with bytes of a stranger',
      ...{ requirement: 'TOK-13', clause, right, severity: 'critical' },
      request: (kit) => bearer(kit, forge(kit, { x5c: [encode('audit')] })),
      judge: isBadToken,
    },
    {
      title: 'a key id that the issuer does not have',
      ...{ requirement: 'CASE-27', clause: 'RFC 7517 §4.5', severity: 'critical' },
      right: 'answers 401, or 503 until fresh keys were read',
      request: (kit) => bearer(kit, forge(kit, { kid: 'audit-unknown' })),
      judge: isBadToken,
    },
    ...names.map(
      ([title, kid]): RowEntry => ({
        title: `kid with ${title}`,
        ...{ requirement: 'TOK-14', clause, right, severity: 'critical' },
        request: (kit) => bearer(kit, forge(kit, { kid })),
        judge: refusedWith(401, 431, 503),
      }),
    ),
    ...secrets.map(
      ([title, kid, secret]): RowEntry => ({
        title: `HS256 and kid with ${title}`,
        ...{ requirement: 'TOK-14', clause, right, severity: 'critical' },
        request(kit) {
          const { claims = {} } = kit.jwt ?? {};
          const head = encode(JSON.stringify({ alg: 'HS256', typ: 'JWT', kid }));
          const payload = encode(JSON.stringify(claims));
          return bearer(kit, signSegments(head, payload, Buffer.from(secret), 'HS256'));
        },
        judge: refusedWith(401, 503),
      }),
    ),
    ...members.map(
      ([requirement, source, title, header]): RowEntry => ({
        title: `a signed token with ${title}`,
        ...{ requirement, clause: source, right, severity: 'medium', needs: ['key'] },
        request: async (kit) => bearer(kit, (await kit.mint?.({}, header as never)) ?? ''),
        judge: isBadToken,
      }),
    ),
    ...types.map(
      (typ): RowEntry => ({
        title: `a signed token of the type ${typ}`,
        ...{ requirement: 'TOK-16', clause: 'RFC 8725 §3.11; RFC 9068 §4' },
        ...{ right, severity: 'medium', needs: ['mint'] },
        request: async (kit) => bearer(kit, (await kit.mint?.({}, { typ })) ?? ''),
        judge: isBadToken,
      }),
    ),
  ],
);

/** Tokens with a good signature over a wrong text. They need the key of the issuer. */
import { isBadCredential, isBadToken } from '../../judge/judges.ts';
import type { RowEntry } from '../../row.ts';
import type { Kit } from '../../target/kit.ts';
import { encode, signSegments } from '../../tokens/sign.ts';
import type { AuditRequest } from '../../wire/request.ts';

const right = 'answers 401';
const base64 = 'RFC 7515 §2';

type Raw = readonly [
  requirement: string,
  clause: string,
  title: string,
  make: (text: {
    readonly header: string;
    readonly payload: string;
  }) => readonly [header: string | Uint8Array, payload: string | Uint8Array],
];

const bytes = (text: string) => Buffer.from(text, 'latin1');
const twice = (text: string, member: string) => `{${member},${text.slice(1)}`;

/** Another value in front of a member, or two of them if there is none. */
function repeat(text: string, name: string): string {
  const once = twice(text, `"${name}":"audit"`);
  return text.includes(`"${name}":`) ? once : twice(once, `"${name}":"audit"`);
}
const [repeated, unicode, object] = ['RFC 7515 §4; RFC 8259 §4', 'RFC 8725 §3.7', 'RFC 7519 §7.2'];

/** Signed with the good key, so that only the text is wrong. */
const raw: readonly Raw[] = [
  ...['exp', 'aud', 'iss', 'sub', 'scope'].map(
    (name): Raw => [
      'TOK-18',
      repeated,
      `${name} twice`,
      ({ header, payload }) => [header, repeat(payload, name)],
    ],
  ),
  ...['alg', 'kid', 'typ'].map(
    (name): Raw => [
      'TOK-18',
      repeated,
      `${name} twice in the header`,
      ({ header, payload }) => [repeat(header, name), payload],
    ],
  ),
  [
    'TOK-19',
    'CWE-1321',
    'the member __proto__ in the payload',
    ({ header, payload }) => [header, twice(payload, '"__proto__":{"scope":"admin"}')],
  ],
  [
    'TOK-19',
    'CWE-1321',
    'the member __proto__ in the header',
    ({ header, payload }) => [twice(header, '"__proto__":{"audit":1}'), payload],
  ],
  [
    'TOK-20',
    'CWE-674',
    'a claim nested 1,000 levels deep',
    ({ header, payload }) => [
      header,
      twice(payload, `"audit":${'['.repeat(1_000)}${']'.repeat(1_000)}`),
    ],
  ],
  [
    'TOK-22',
    unicode,
    'a byte order mark before the payload',
    ({ header, payload }) => [header, `\ufeff${payload}`],
  ],
  [
    'TOK-22',
    unicode,
    'a byte order mark before the header',
    ({ header, payload }) => [`\ufeff${header}`, payload],
  ],
  [
    'TOK-22',
    unicode,
    'invalid UTF-8 in a claim',
    ({ header, payload }) => [
      header,
      Buffer.concat([bytes('{"audit":"\xff\xfe",'), Buffer.from(payload.slice(1))]),
    ],
  ],
  [
    'TOK-22',
    unicode,
    'an overlong encoding in a claim',
    ({ header, payload }) => [
      header,
      Buffer.concat([bytes('{"audit":"\xc0\xaf",'), Buffer.from(payload.slice(1))]),
    ],
  ],
  [
    'TOK-23',
    'CVE-2026-107723',
    'an array as payload',
    ({ header, payload }) => [header, `[${payload}]`],
  ],
  ['TOK-23', object, 'null as payload', ({ header }) => [header, 'null']],
  ['TOK-23', object, 'a text as payload', ({ header }) => [header, '"audit"']],
  ['TOK-23', object, 'a number as payload', ({ header }) => [header, '1']],
  ['TOK-23', object, 'an empty object as payload', ({ header }) => [header, '{}']],
  ['TOK-23', object, 'bytes that are not JSON as payload', ({ header }) => [header, 'audit']],
  [
    'TOK-23',
    object,
    'a second value behind the payload',
    ({ header, payload }) => [header, `${payload}{}`],
  ],
  [
    'TOK-23',
    object,
    'a comment in the payload',
    ({ header, payload }) => [header, payload.replace('{', '{/* */')],
  ],
];

function signRaw({ signer }: Kit, make: Raw[3], pad = ''): string | undefined {
  if (signer === undefined) return undefined;
  const { header, claims } = signer.good();
  const [head, payload] = make({ header: JSON.stringify(header), payload: JSON.stringify(claims) });
  return signSegments(
    `${encode(head)}${pad}`,
    `${encode(payload)}${pad}`,
    signer.key,
    signer.algorithm,
  );
}

/** A call with this token. */
export function bearer(kit: Kit, token: string | undefined): AuditRequest | undefined {
  return token === undefined ? undefined : kit.call({ authorization: `Bearer ${token}` });
}

/** Wrong texts. */
export const signedTexts: readonly RowEntry[] = [
  ...raw.map(
    ([requirement, clause, title, make]): RowEntry => ({
      title: `a signed token with ${title}`,
      ...{ requirement, clause, right, severity: 'medium', needs: ['key'] },
      request: (kit) => bearer(kit, signRaw(kit, make)),
      judge: isBadToken,
    }),
  ),
  {
    title: 'a signed token with padding in each part',
    ...{ requirement: 'TOK-08', clause: base64, right, severity: 'low', needs: ['key'] },
    request: (kit) =>
      bearer(
        kit,
        signRaw(kit, ({ header, payload }) => [header, payload], '='),
      ),
    judge: isBadToken,
  },
  ...[8_000, 12_000].map(
    (size): RowEntry => ({
      title: `a signed token of more than ${size.toLocaleString('en')} bytes`,
      ...{ requirement: 'TOK-21', clause: 'CWE-400', severity: 'low', needs: ['key'] },
      right: 'answers 401 or 431',
      request: (kit) =>
        bearer(
          kit,
          signRaw(kit, ({ header, payload }) => [
            header,
            twice(payload, `"audit":"${'a'.repeat(size)}"`),
          ]),
        ),
      judge: isBadCredential,
    }),
  ),
];

/** JSON texts for members: what a JSON library would put right must reach the verifier as it is. */
import { audience, issuer, longKid, nowSeconds } from './world.ts';

const text = (value: string) => JSON.stringify(value);
const texts = (...values: readonly string[]) => values.map(text);
const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
const around = (...offsets: readonly number[]) => offsets.map((off) => `${nowSeconds + off}`);

/** For any member. */
export const anyValues: readonly string[] = [
  ...['null', 'true', 'false', '0', '-0', '1', '1e999', '-1e999', '1e308', '1e-400', '0.5', '""'],
  ...['[]', '{}', '[null]', '["a"]', '["a",7]', '["a",""]', '[["a"]]', '{"jkt":"x"}', '"x"'],
  ...['{"a":1,"a":2}', '{"a":{"b":1,"\\u0062":2}}', '{"__proto__":1}', '[{"__proto_\\u005f":1}]'],
  ...['"\\ud800"', '"\\udc00\\ud800"', '"\\ud83d\\ude00"', '"\\u0000"', '"\\u202e"', '"ｅ"'],
  ...['"a:\\"b"', '"{[\\\\"', '"\\/\\b\\f"', '["\\ud800"]', '{"a":[{"b":":"}]}'],
  ...[deep(30), deep(31), deep(32), deep(1_000), '{"a":'.repeat(31) + 1 + '}'.repeat(31)],
  ...['{"a":'.repeat(32) + 1 + '}'.repeat(32), text('x'.repeat(7_000))],
  // No JSON.
  ...['', '01', '+1', '1.', '.5', '1e', 'NaN', 'Infinity', '-', '0x10', 'undefined', 'nul', 'True'],
  ...["'a'", '[1,]', '[,]', '{"a":1,}', '{"a"}', '{a:1}', '"\\x41"', '"\\u00g0"', '"\n"', '"\t"'],
  ...['[1 2]', '/**/1', '1 2', '"a""b"', '"a', '\u00a01', '\u20281'],
];

const names = [
  ...texts('x', ' ', 'x'.repeat(1_024), 'x'.repeat(1_025), 'é'.repeat(1_024)),
  ...texts('😀'.repeat(512), '😀'.repeat(513), 'Zoë', '\u202e'),
  ...['""', '"\\ud800"', 'null', '7', '["x"]', '{}'],
];
const times = [
  ...around(
    -86_401,
    -86_400,
    -86_100,
    -61,
    -60.5,
    -60,
    -59.5,
    -59,
    -1,
    0,
    1,
    59,
    60,
    60.5,
    61,
    300,
  ),
  ...around(86_099, 86_389, 86_390, 86_391, 86_400, 86_460, 86_461),
  ...['0', '-0', '0.0', '-1', '1e-400', '5e-324', '1e999', '1e11', '99999999999', '99999999999.5'],
  ...['100000000000', `${(nowSeconds + 300) * 1_000}`, `${nowSeconds}e0`, `${nowSeconds}0e-1`],
  ...[text(`${nowSeconds + 300}`), `[${nowSeconds + 300}]`, 'null', 'true', 'false', '""'],
];
const scopes = [
  ...texts('', ' ', 'a', 'a b', ' a  b ', 'a\tb', 'a\u00a0b', 'a '.repeat(256), 'a '.repeat(257)),
  ...[' '.repeat(600)].map(text),
  ...['"a \\ud800"', '[]', '["a"]', '["a b"]', '["a",""]', '["a",7]', '["a",null]', '["\\ud800"]'],
  ...[`[${Array(256).fill('"a"').join()}]`, `[${Array(257).fill('"a"').join()}]`],
  ...['null', '7', '{}', '{"0":"a","length":1}', 'true', '[["a"]]'],
];
const typed = ['null', '""', '7', '["at+jwt"]', '["JWT"]'];
const plainTypes = texts('JWT', 'jwt', 'Jwt', 'application/JWT', 'Application/jwt');

/** For the header's member of this name. */
export const headerValues: Readonly<Record<string, readonly string[]>> = {
  alg: [
    ...texts('HS256', 'ES256', 'EdDSA', 'Ed25519', 'RS256', 'PS256', 'ES384', 'HS512', 'ES256K'),
    ...texts(
      'es256',
      'hs256',
      'eddsa',
      'ED25519',
      'rs256',
      'ES256 ',
      ' HS256',
      'HS256\0',
      'ＥＳ256',
    ),
    ...texts('none', 'None', 'nOnE', '', '__proto__', 'constructor', 'toString', 'ML-DSA-44'),
    ...['["ES256"]', '["HS256"]', '["EdDSA"]', 'null', '0', '{}', '"\\u0045S256"', '"HS25\\u0036"'],
  ],
  typ: [
    ...texts('at+jwt', 'AT+JWT', 'at+JWT', 'application/at+jwt', 'Application/AT+jwt'),
    ...texts('at+jwt ', 'at+jwt; x=1', 'at+ſwt', 'text/at+jwt', 'dpop+jwt', 'logout+jwt'),
    ...texts('secevent+jwt', 'token-introspection+jwt', 'entity-statement+jwt', 'at+jwtx', 'JWE'),
    ...['"at\\u002bjwt"', ...typed, ...plainTypes],
  ],
  kid: [
    ...texts('shared', 'es', 'ed', 'hs', 'Shared', 'shared ', 'share', '', '../shared', "' OR 1=1"),
    ...texts('x'.repeat(256), 'x'.repeat(257), 'é'.repeat(128), longKid, '__proto__', 'sh\0ared'),
    ...['"\\u0073hared"', '["shared"]', '["es"]', 'null', '7', '{}', '"\\ud800"'],
  ],
  cty: [...plainTypes, ...texts('application/json', 'JWT ', 'ＪＷＴ'), '"JW\\u0054"', ...typed],
};

/** For the payload's member of this name. */
export const payloadValues: Readonly<Record<string, readonly string[]>> = {
  iss: [
    ...texts(issuer, `${issuer}/`, `${issuer} `, issuer.toUpperCase(), `${issuer}:443`),
    ...texts(issuer.replace('a', 'а'), issuer.slice(0, -1), `${issuer}.evil`),
    ...[`["${issuer}"]`, 'null', '{}', text(issuer).replace('h', '\\u0068')],
  ],
  aud: [
    ...texts(audience, `${audience}/`, audience.toUpperCase(), `${audience}/evil`, `${audience} `),
    ...texts(audience.slice(0, -1), `x,${audience}`, audience.replace('a', 'а'), `${audience}\0`),
    ...[`["${audience}"]`, `["x","${audience}"]`, `["${audience}","x"]`, `["${audience}/"]`],
    ...[
      `["${audience}",7]`,
      `[null,"${audience}"]`,
      `[["${audience}"]]`,
      `["${audience}","\\udc00"]`,
    ],
    ...[`{"0":"${audience}"}`, '[]', '[null]', 'null', '7', text(audience).replace('h', '\\u0068')],
  ],
  ...Object.fromEntries(['sub', 'client_id', 'azp', 'cid', 'appid'].map((name) => [name, names])),
  ...Object.fromEntries(['exp', 'iat', 'nbf'].map((name) => [name, times])),
  ...Object.fromEntries(['scope', 'scp'].map((name) => [name, scopes])),
  typ: [...texts('ID', 'id', 'iD', 'ID ', 'ıd', 'Bearer', 'JWT'), '"I\\u0044"', 'null', '["ID"]'],
};

/** Members that a header may have, those that none of ours may have among them. */
export const headerNames: readonly string[] = [
  ...['alg', 'alg', 'alg', 'typ', 'typ', 'kid', 'kid', 'cty', 'crit', 'b64', 'jwk', 'jku', 'x5u'],
  ...['zip', 'enc', 'p2c', 'x5c', 'x5t', '__proto__', 'constructor', 'Alg', 'x'],
];
export const payloadNames: readonly string[] = [
  ...['iss', 'aud', 'aud', 'sub', 'exp', 'exp', 'iat', 'iat', 'nbf', 'nbf', 'client_id', 'azp'],
  ...['cid', 'appid', 'scope', 'scope', 'scp', 'cnf', 'nonce', 'at_hash', 'c_hash', 'typ'],
  ...['__proto__', 'constructor', 'hasOwnProperty', 'x'],
];

/**
 * Tokens of every kind of wrongness, made as text: what a JSON library would put right must reach the
 * verifier as it is.
 */
import fc from 'fast-check';
import {
  type Algorithm,
  audience,
  isHmac,
  issuer,
  nowSeconds,
  type SigningKey,
  signText,
} from './world.ts';

/** How a token is to be made. Of nothing but data, so that fast-check can make it smaller. */
export interface Recipe {
  readonly algorithm: Algorithm;
  readonly profile: 'rfc9068' | 'legacy';
  readonly header: readonly Change[];
  readonly payload: readonly Change[];
  readonly wrapping: Wrapping;
  readonly signature: SignatureKind;
  readonly encoding: Encoding;
  readonly place: number;
}

type Change =
  | { readonly kind: 'none' }
  | { readonly kind: 'set' | 'append'; readonly name: string; readonly json: string }
  | { readonly kind: 'drop' | 'duplicate' | 'escape'; readonly name: string }
  | { readonly kind: 'space' | 'reverse' };
type Wrapping = 'none' | 'list' | 'string' | 'null' | 'truncated' | 'trailing' | 'mark' | 'bytes';
type SignatureKind =
  | 'good'
  | 'of another key'
  | 'one bit off'
  | 'empty'
  | 'shorter'
  | 'longer'
  | 'zeros'
  | 'ones'
  | 'over another text';
type Encoding =
  | 'good'
  | 'padded'
  | 'stray bits'
  | 'other alphabet'
  | 'space'
  | 'line break'
  | 'two segments'
  | 'four segments'
  | 'five segments'
  | 'removed by Google';

const signers: readonly { weight: number; algorithm: Algorithm }[] = [
  { weight: 45, algorithm: 'HS256' },
  { weight: 30, algorithm: 'ES256' },
  { weight: 20, algorithm: 'EdDSA' },
  // A signature of RSA takes longer than all the rest together.
  { weight: 3, algorithm: 'RS256' },
  { weight: 2, algorithm: 'PS256' },
];

const headerNames = ['alg', 'typ', 'kid', 'cty', 'crit', 'b64', 'jwk', 'jku', 'x5u', 'x5c', 'zip'];
const payloadNames = [
  ...['iss', 'aud', 'sub', 'exp', 'iat', 'nbf', 'client_id', 'azp', 'cid', 'appid'],
  ...['scope', 'scp', 'cnf', 'nonce', 'at_hash', 'typ', '__proto__', 'constructor', 'x'],
];
const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
const numbers = [0, -1, 1, 60, 61, -60, -61, 300, 86_340, 86_341].map(
  (off) => `${nowSeconds + off}`,
);
const values = [
  ...['null', 'true', 'false', '0', '-0', '1e999', '-1e999', '1e308', '1e-400', '0.5', '""', '"x"'],
  ...[
    '[]',
    '{}',
    '[null]',
    '["a"]',
    '["a",7]',
    '["a",""]',
    '[["a"]]',
    '"a b"',
    '" a  b "',
    '"a\\tb"',
  ],
  ...['"\\ud800"', '"\\u0000"', '"Zo\\u00eb"', '"\\u202e"', '"ｅ"', '"none"', '"HS256"', '"ES256"'],
  ...['"es256"', '"at+jwt"', '"AT+JWT"', '"JWT"', '"application/jwt"', '"application/at+jwt"'],
  ...['"ID"', '"id"', '"Bearer"', '"dpop+jwt"', '{"jkt":"x"}', '{"a":1,"a":2}', '{"__proto__":1}'],
  ...[`"${audience}"`, `["${audience}"]`, `["x","${audience}"]`, `["${audience}",7]`],
  ...[
    `"${audience}/"`,
    `"${issuer}"`,
    `"${issuer}/"`,
    `["${issuer}"]`,
    `"${issuer.toUpperCase()}"`,
  ],
  ...[`"${'x'.repeat(256)}"`, `"${'x'.repeat(1_024)}"`, `"${'x'.repeat(1_025)}"`],
  ...[`"${'a '.repeat(256)}"`, `"${'a '.repeat(257)}"`, `"${'x'.repeat(7_000)}"`],
  ...[deep(30), deep(31), deep(32), deep(1_000), `${nowSeconds}.5`, `"${nowSeconds}"`],
  ...[`${(nowSeconds + 300) * 1_000}`, '99999999999', '100000000000', ...numbers],
];

function changes(names: readonly string[]): fc.Arbitrary<readonly Change[]> {
  const name = fc.constantFrom(...names);
  const json = fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...values) },
    { weight: 1, arbitrary: fc.json({ maxDepth: 3 }) },
  );
  const change: fc.Arbitrary<Change> = fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('set' as const), name, json }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('append' as const), name, json }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('drop' as const), name }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('duplicate' as const), name }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('escape' as const), name }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('space', 'reverse') }) },
  );
  return fc.oneof(
    { weight: 5, arbitrary: fc.constant<readonly Change[]>([]) },
    { weight: 5, arbitrary: fc.array(change, { minLength: 1, maxLength: 2 }) },
  );
}

/** The first of them most of the time. */
function mostly<T>(weight: number, usual: T, ...others: readonly T[]): fc.Arbitrary<T> {
  return fc.oneof(
    { weight, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );
}

export const recipes: fc.Arbitrary<Recipe> = fc.record({
  algorithm: fc.oneof(
    ...signers.map(({ weight, algorithm }) => ({ weight, arbitrary: fc.constant(algorithm) })),
  ),
  profile: fc.constantFrom('rfc9068', 'legacy'),
  header: changes(headerNames),
  payload: changes(payloadNames),
  wrapping: mostly<Wrapping>(
    30,
    'none',
    ...(['list', 'string', 'null', 'truncated', 'trailing', 'mark', 'bytes'] as const),
  ),
  signature: mostly<SignatureKind>(
    12,
    'good',
    ...(['of another key', 'one bit off', 'empty', 'shorter', 'longer', 'zeros', 'ones'] as const),
    'over another text',
  ),
  encoding: mostly<Encoding>(
    12,
    'good',
    ...(['padded', 'stray bits', 'other alphabet', 'space', 'line break', 'two segments'] as const),
    ...(['four segments', 'five segments', 'removed by Google'] as const),
  ),
  place: fc.nat(1_000_000),
});

/** Whether nothing was done to it: these must be accepted, whatever the predicate thinks. */
export function isControl({ header, payload, wrapping, signature, encoding }: Recipe): boolean {
  const isWhole = wrapping === 'none' && signature === 'good' && encoding === 'good';
  return isWhole && header.length === 0 && payload.length === 0;
}

/** @param stranger Another key for the same algorithm. */
export function makeToken(recipe: Recipe, key: SigningKey, stranger: SigningKey): string {
  const { algorithm, kid } = key;
  const header = write(
    [
      ['alg', JSON.stringify(algorithm)],
      ['typ', '"at+jwt"'],
      ...(isHmac(algorithm) ? [] : [['kid', JSON.stringify(kid)] as const]),
    ],
    recipe.header,
  );
  const payload = write(
    [
      ['iss', `"${issuer}"`],
      ['aud', `"${audience}"`],
      ['sub', '"user-1"'],
      ['client_id', '"client-1"'],
      ['scope', '"notes:read"'],
      ['iat', `${nowSeconds - 10}`],
      ['exp', `${nowSeconds + 300}`],
    ],
    recipe.payload,
  );
  // Every other token has its header wrapped, and the others their payload.
  const isHead = recipe.place % 2 === 0;
  const text = [
    encode(wrap(header, isHead ? recipe.wrapping : 'none', recipe.place)),
    encode(wrap(payload, isHead ? 'none' : recipe.wrapping, recipe.place)),
  ].join('.');
  const signature = signAs(recipe, text, key, stranger).toString('base64url');
  return spoil(text.split('.'), signature, recipe);
}

type Member = readonly [name: string, json: string, written?: string];

function write(members: readonly Member[], changes: readonly Change[]): string {
  let own: readonly Member[] = members;
  let space = '';
  for (const change of changes) {
    switch (change.kind) {
      case 'set':
        own = [...own.filter(([name]) => name !== change.name), [change.name, change.json]];
        break;
      case 'append':
        own = [...own, [change.name, change.json]];
        break;
      case 'drop':
        own = own.filter(([name]) => name !== change.name);
        break;
      case 'duplicate':
        own = own.flatMap((member) =>
          member[0] === change.name
            ? [member, [member[0], member[1], escapeName(member[0])] as Member]
            : [member],
        );
        break;
      case 'escape':
        own = own.map(([name, json]) =>
          name === change.name ? [name, json, escapeName(name)] : [name, json],
        );
        break;
      case 'space':
        space = ' \n\t';
        break;
      case 'reverse':
        own = own.toReversed();
        break;
    }
  }
  const texts = own.map(
    ([name, json, written = JSON.stringify(name)]) => `${space}${written}${space}:${space}${json}`,
  );
  return `${space}{${texts.join(`${space},`)}${space}}${space}`;
}

/** The same name in other letters: its first one as an escape. */
function escapeName(name: string): string {
  return `"\\u${name.charCodeAt(0).toString(16).padStart(4, '0')}${name.slice(1)}"`;
}

function wrap(text: string, wrapping: Wrapping, place: number): Buffer {
  switch (wrapping) {
    case 'none':
      return Buffer.from(text);
    case 'list':
      return Buffer.from(`[${text}]`);
    case 'string':
      return Buffer.from(JSON.stringify(text));
    case 'null':
      return Buffer.from('null');
    case 'truncated':
      return Buffer.from(text.slice(0, 1 + (place % text.length)));
    case 'trailing':
      return Buffer.from(`${text},`);
    case 'mark':
      return Buffer.from(`\ufeff${text}`);
    case 'bytes': {
      const bytes = Buffer.from(text);
      const at = place % bytes.length;
      const bad = Buffer.from([[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0]][place % 4] ?? []);
      return Buffer.concat([bytes.subarray(0, at), bad, bytes.subarray(at)]);
    }
  }
}

const encode = (bytes: Buffer) => bytes.toString('base64url');

function signAs(recipe: Recipe, text: string, key: SigningKey, stranger: SigningKey): Buffer {
  const kind = recipe.signature;
  if (kind === 'of another key') return signText(text, stranger);
  const signature = signText(kind === 'over another text' ? `${text}A` : text, key);
  switch (kind) {
    case 'one bit off': {
      const bit = recipe.place % (signature.length * 8);
      const byte = signature[bit >> 3] ?? 0;
      signature[bit >> 3] = byte ^ (1 << (bit & 7));
      return signature;
    }
    case 'empty':
      return Buffer.alloc(0);
    case 'shorter':
      return signature.subarray(0, -1);
    case 'longer':
      return Buffer.concat([signature, Buffer.from([0])]);
    case 'zeros':
      return Buffer.alloc(signature.length);
    case 'ones':
      return Buffer.alloc(signature.length, 0xff);
    default:
      return signature;
  }
}

function spoil(
  segments: readonly string[],
  signature: string,
  { encoding, place }: Recipe,
): string {
  const all = [...segments, signature];
  const which = place % 3;
  const change = (edit: (segment: string) => string) =>
    all.map((segment, index) => (index === which ? edit(segment) : segment)).join('.');
  const insert = (text: string) =>
    change((segment) => {
      const at = place % (segment.length + 1);
      return segment.slice(0, at) + text + segment.slice(at);
    });
  switch (encoding) {
    case 'good':
      return all.join('.');
    case 'padded':
      return change((segment) => `${segment}=`);
    case 'stray bits':
      return change((segment) => segment.slice(0, -1) + next(segment.slice(-1)));
    case 'other alphabet':
      return change((segment) => segment.replace(/[-_]/g, (one) => (one === '-' ? '+' : '/')));
    case 'space':
      return insert(' ');
    case 'line break':
      return `${all.join('.')}\n`;
    case 'two segments':
      return segments.join('.');
    case 'four segments':
      return `${all.join('.')}.`;
    case 'five segments':
      return [...all, 'x', 'x'].join('.');
    case 'removed by Google':
      return [...segments, 'SIGNATURE_REMOVED_BY_GOOGLE'].join('.');
  }
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function next(character: string): string {
  return alphabet.charAt((alphabet.indexOf(character) + 1) % alphabet.length);
}

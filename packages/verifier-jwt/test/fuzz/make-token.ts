/** Makes the token of a recipe: text is written, really signed, and then spoilt. */
import { constants, sign } from 'node:crypto';
import type { Member, Recipe } from './recipe.ts';
import { isHmac, issuer, type KeyRing, nowSeconds, type SigningKey, signText } from './world.ts';
import { wrap, writeObject } from './write-json.ts';

/** A ring, and one of strangers like it. */
export interface Rings {
  readonly own: KeyRing;
  readonly strange: KeyRing;
}

export function makeToken(recipe: Recipe, { own, strange }: Rings): string {
  const key = keyAt(own, recipe.signer.index);
  const [header, payload] = writeParts(recipe, key);
  // Every other token has its header wrapped, and the others their payload.
  const isHead = recipe.place % 2 === 0;
  const place = Math.floor(recipe.place / 2);
  const head = wrap(header, isHead ? recipe.wrapping : 'none', place);
  const body = wrap(payload, isHead ? 'none' : recipe.wrapping, place);
  const isLong = recipe.encoding === 'about the longest';
  const text = isLong ? lengthen(head, body, key, 8_190 + (place % 5)) : join(head, body);
  const signers = { key, stranger: keyAt(strange, recipe.signer.index), neighbour: own[0] };
  return spoil(text, signAs(recipe, text, signers).toString('base64url'), recipe);
}

function keyAt(ring: KeyRing, index: number): SigningKey {
  return ring[index] ?? ring[0];
}

function writeParts({ signer, good, header, payload, place }: Recipe, { kid }: SigningKey) {
  // A shared secret has no name to be asked by.
  const names: readonly Member[] = signer.isSecret && place % 3 > 0 ? [] : [['kid', `"${kid}"`]];
  const head: readonly Member[] = [['alg', `"${signer.alg}"`], ['typ', '"at+jwt"'], ...names];
  const claims: readonly Member[] = [
    ['iss', `"${issuer}"`],
    ['sub', '"user-1"'],
    ['exp', `${nowSeconds + 300}`],
    ...good,
  ];
  return [writeObject(head, header), writeObject(claims, payload)] as const;
}

const join = (...parts: readonly Buffer[]) =>
  parts.map((part) => part.toString('base64url')).join('.');

/** White space after the JSON, until the whole token is so long. */
function lengthen(head: Buffer, body: Buffer, key: SigningKey, length: number): string {
  const rest = length - 1 - Math.ceil((signatureBytes(key) * 4) / 3);
  for (const more of [0, 1, 2]) {
    const first = Buffer.concat([head, Buffer.alloc(more, ' ')]);
    const missing = rest - join(first, body).length;
    for (
      let spaces = Math.floor((missing * 3) / 4) - 2;
      spaces * 4 <= missing * 3 + 8;
      spaces += 1
    ) {
      const text = join(first, Buffer.concat([body, Buffer.alloc(Math.max(0, spaces), ' ')]));
      if (text.length === rest) return text;
    }
  }
  return join(head, body);
}

function signatureBytes({ algorithm }: SigningKey): number {
  if (isHmac(algorithm)) return 32;
  return algorithm.startsWith('E') ? 64 : 256;
}

interface Signers {
  readonly key: SigningKey;
  readonly stranger: SigningKey;
  readonly neighbour: SigningKey;
}

function signAs(recipe: Recipe, text: string, { key, stranger, neighbour }: Signers): Buffer {
  const { signature: kind, place } = recipe;
  if (kind === 'of another key') return signText(text, stranger);
  if (kind === 'of a neighbour') return signText(text, neighbour);
  if (kind === 'other spelling') return signOtherwise(text, key);
  const signature = signText(kind === 'over another text' ? `${text}A` : text, key);
  const zero = Buffer.alloc(1);
  const half = signature.length / 2;
  switch (kind) {
    case 'one bit off': {
      const bit = place % (signature.length * 8);
      const byte = signature[bit >> 3] ?? 0;
      signature[bit >> 3] = byte ^ (1 << (bit & 7));
      return signature;
    }
    case 'empty':
      return Buffer.alloc(0);
    case 'shorter':
      return signature.subarray(0, -1);
    case 'longer':
      return Buffer.concat([signature, zero]);
    case 'zeros':
      return Buffer.alloc(signature.length);
    case 'ones':
      return Buffer.alloc(signature.length, 0xff);
    case 'zeros before':
      // Two numbers with a zero before each are the same numbers.
      return Buffer.concat([zero, signature.subarray(0, half), zero, signature.subarray(half)]);
    default:
      return signature;
  }
}

/** By the same key, as RFC 7518 does not have it: DER, another length of salt. */
function signOtherwise(text: string, key: SigningKey): Buffer {
  const data = Buffer.from(text);
  if (key.algorithm === 'ES256') return sign('sha256', data, key.privateKey);
  if (key.algorithm !== 'PS256') return Buffer.from(signText(text, key).toString('hex'));
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  return sign('sha256', data, { key: key.privateKey, padding, saltLength: 20 });
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const foreign = [
  ' ',
  '\t',
  '\n',
  '=',
  '+',
  '/',
  '.',
  '%',
  '~',
  'é',
  '\0',
  '\ud800',
  '😀',
  '。',
  'A',
];

function spoil(text: string, signature: string, { encoding, place }: Recipe): string {
  const segments = [...text.split('.'), signature];
  const at = Math.floor(place / 3);
  const change = (edit: (segment: string) => string) =>
    segments.map((segment, index) => (index === place % 3 ? edit(segment) : segment)).join('.');
  switch (encoding) {
    case 'padded':
      return change((segment) => segment.padEnd(segment.length + 4 - (segment.length % 4), '='));
    case 'stray bits':
      return change((segment) => segment.slice(0, -1) + after(segment.slice(-1)));
    case 'other alphabet':
      return change((segment) => segment.replace(/[-_]/g, (one) => (one === '-' ? '+' : '/')));
    case 'foreign character': {
      const added = foreign[at % foreign.length] ?? '';
      return change((segment) => {
        const index = at % (segment.length + 1);
        return segment.slice(0, index) + added + segment.slice(index);
      });
    }
    case 'line break':
      return `${segments.join('.')}\n`;
    case 'two segments':
      return text;
    case 'four segments':
      return `${segments.join('.')}.`;
    case 'five segments':
      return [...segments, 'x', 'x'].join('.');
    case 'empty segment':
      return change(() => '');
    case 'removed by Google':
      return `${text}.SIGNATURE_REMOVED_BY_GOOGLE`;
    default:
      return segments.join('.');
  }
}

function after(character: string): string {
  return alphabet.charAt((alphabet.indexOf(character) + 1) % alphabet.length);
}

import { hash } from 'node:crypto';
import { commonWords } from './common-words.ts';

// By the length of the digest in bytes.
const algorithms: ReadonlyMap<number, string> = new Map([
  [16, 'md5'],
  [20, 'sha1'],
  [28, 'sha224'],
  [32, 'sha256'],
  [48, 'sha384'],
  [64, 'sha512'],
]);

const endings = ['', '1', '123', '!'];
const others = [
  '',
  ' ',
  '\n',
  '0',
  '1',
  '12',
  '123',
  '1234',
  '12345',
  '123456',
  '1234567',
  '12345678',
  '123456789',
  '1234567890',
  '111111',
  '000000',
  '123123',
  'a',
  'abc',
  'abc123',
  '{}',
  'null',
  'undefined',
  'admin@123',
  'p@ssw0rd',
  'P@ssw0rd',
  'passw0rd',
  '1q2w3e4r',
];

// Constants that take milliseconds to compute: made when the first secret of that length is checked.
const digestsByLength = new Map<number, ReadonlySet<string>>();

/** Whether bytes are the MD5 or SHA digest of the empty text, a common word or password. */
export function isDigestOfWord(bytes: Buffer): boolean {
  const algorithm = algorithms.get(bytes.length);
  // No such digest is text, and most secrets are: the thousands of hashes are then not computed.
  if (algorithm === undefined || /^[ -~]+$/.test(bytes.toString('latin1'))) return false;
  let digests = digestsByLength.get(bytes.length);
  if (digests === undefined) {
    digests = new Set(hashedTexts().map((text) => hash(algorithm, text, 'base64')));
    digestsByLength.set(bytes.length, digests);
  }
  return digests.has(bytes.toString('base64'));
}

function hashedTexts(): string[] {
  const words = commonWords
    .split(' ')
    .flatMap((word) => [
      word,
      word.toUpperCase(),
      `${word.charAt(0).toUpperCase()}${word.slice(1)}`,
    ]);
  return [...others, ...words.flatMap((word) => endings.map((ending) => `${word}${ending}`))];
}

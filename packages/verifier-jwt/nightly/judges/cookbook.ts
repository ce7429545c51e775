/** Reads a clone of the JOSE cookbook (RFC 7520, https://github.com/ietf-jose/cookbook). */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  acceptsWithKeySet,
  acceptsWithSecret,
  countUsableKeys,
  isSecretOfRfc7520,
  type Jwk,
} from './our-verdict.ts';
import type { Vector, VectorSet } from './vector.ts';

/** What is read of an example. */
interface Example {
  readonly input?: { readonly key?: Jwk | readonly Jwk[]; readonly alg?: string };
  readonly output?: { readonly compact?: string; readonly json?: unknown };
}

const folders = ['jwk', 'jws', 'jwe', 'curve25519', 'rfc7797'];

/**
 * Reads the examples. Each of them is valid, so tampered copies of those that are accepted are added.
 */
export function readCookbook(folder: string): VectorSet {
  const vectors = folders
    .filter((name) => existsSync(join(folder, name)))
    .flatMap((name) => readdirSync(join(folder, name)).map((file) => `${name}/${file}`))
    .filter((file) => file.endsWith('.json'))
    .flatMap((file) => readExample(file, JSON.parse(readFileSync(join(folder, file), 'utf8'))));
  const leftOut = existsSync(join(folder, '6.nesting_signatures_and_encryption.json'))
    ? [{ reason: 'a JWS within a JWE, which is written as steps', vectors: 1 }]
    : [];
  return { vectors, leftOut };
}

function readExample(file: string, example: Example & Jwk): readonly Vector[] {
  if (file.startsWith('jwk/')) return [keyVector(file, example)];
  const { input = {}, output = {} } = example;
  const key = [input.key ?? {}].flat()[0] ?? {};
  const { compact } = output;
  const token = compact ?? JSON.stringify(output.json ?? {});
  const stricter = stricterThan(token, key, `${input.alg}`);
  const accepts = (text: string) => () => accept(text, key, `${input.alg}`);
  const vector: Vector = {
    name: file,
    group: groupOf(file),
    right: 'accept',
    stricter,
    accepts: accepts(token),
  };
  if (stricter !== undefined) return [vector];
  return [
    vector,
    ...tamper(token).map(
      (text, index): Vector => ({
        name: `${file}, tampered copy ${index + 1}`,
        group: `${groupOf(file)}, tampered`,
        right: 'refuse',
        accepts: accepts(text),
      }),
    ),
  ];
}

function groupOf(file: string): string {
  return file.startsWith('jwe/') ? 'JWE texts' : 'JWS texts';
}

function keyVector(file: string, jwk: Jwk): Vector {
  const isSecret = jwk['kty'] === 'oct';
  const stricter =
    isSecret || jwk['d'] !== undefined
      ? 'a private key or a secret where public keys are read'
      : undefined;
  return {
    name: file,
    group: 'JWK',
    right: 'accept',
    stricter,
    accepts: () => countUsableKeys([jwk]) === 1,
  };
}

/** The rule by which Sallyport refuses a valid example. */
function stricterThan(token: string, key: Jwk, algorithm: string): string | undefined {
  if (token.startsWith('{')) return 'JSON serialization: an access token is compact (RFC 9068 §2)';
  const [head = '', payload, , ...others] = token.split('.');
  if (others.length > 0) return 'an encrypted token';
  if (payload === '') return 'detached content: an access token has claims';
  const header = JSON.parse(Buffer.from(head, 'base64url').toString()) as Jwk;
  if (header['crit'] !== undefined) return 'a critical header member (RFC 7797)';
  if (isSecretOfRfc7520(key)) return 'the shared secret that RFC 7520 publishes';
  return header['alg'] === algorithm ? undefined : 'an algorithm that is not the key’s';
}

/** Three copies with another header, payload and signature. */
function tamper(token: string): readonly string[] {
  const segments = token.split('.');
  return segments.map((segment, changed) => {
    const bytes = Buffer.from(segment, 'base64url');
    const middle = bytes.length >> 1;
    bytes[middle] = (bytes[middle] ?? 0) ^ 1;
    return segments
      .map((own, at) => (at === changed ? bytes.toString('base64url') : own))
      .join('.');
  });
}

async function accept(token: string, key: Jwk, algorithm: string): Promise<boolean> {
  if (key['kty'] === 'oct') return acceptsWithSecret(token, `${key['k']}`, algorithm);
  return acceptsWithKeySet(token, [publicHalf(key)], [algorithm]);
}

function publicHalf(key: Jwk): Jwk {
  const hidden = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth'];
  return Object.fromEntries(Object.entries(key).filter(([name]) => !hidden.includes(name)));
}

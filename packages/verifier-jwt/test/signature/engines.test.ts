/** Two engines, one verdict: every mutant of a token is judged by both. */
import { createSecretKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { verifyWithNode } from '../../src/signature/engine-node.ts';
import { signatureLengthOf } from '../../src/signature/rsa-signature-length.ts';
import { holdsSignature } from '../../src/signature/verify-signature.ts';
import { parseCompactJws } from '../../src/token/compact-jws.ts';
import { goodClaims } from '../fixture.ts';
import { verifyWithJose } from './engine-jose.ts';

interface Pair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}
const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve });
const ed = generateKeyPairSync('ed25519');
const shared = (bytes: number): Pair => {
  const key = createSecretKey(Buffer.alloc(bytes, 'k'));
  return { publicKey: key, privateKey: key };
};

const pairs: readonly (readonly [algorithm: string, pair: Pair])[] = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'].map((name) => [name, rsa] as const),
  ['ES256', ec('P-256')],
  ['ES384', ec('P-384')],
  ['ES512', ec('P-521')],
  ['EdDSA', ed],
  ['Ed25519', ed],
  ['HS256', shared(32)],
  ['HS384', shared(48)],
  ['HS512', shared(64)],
];

/** Every signature with one byte changed, and others that are none. */
function* mutantsOf(signature: Buffer): Generator<Buffer> {
  for (let index = 0; index < signature.length; index += 1) {
    const mutant = Buffer.from(signature);
    mutant[index] = (mutant[index] ?? 0) ^ (1 << (index % 8));
    yield mutant;
  }
  yield signature.subarray(0, -1);
  yield Buffer.concat([signature, Buffer.from([0])]);
  yield Buffer.concat([Buffer.from([0]), signature]);
  yield Buffer.alloc(signature.length);
  yield Buffer.alloc(signature.length, 0xff);
  // Two numbers with a zero before each are the same numbers.
  const half = signature.length / 2;
  const zero = Buffer.from([0]);
  yield Buffer.concat([zero, signature.subarray(0, half), zero, signature.subarray(half)]);
  yield Buffer.alloc(1);
  yield Buffer.alloc(1_000, 1);
}

describe.each(pairs)('%s', (algorithm, { publicKey, privateKey }) => {
  const sign = () =>
    new SignJWT(goodClaims).setProtectedHeader({ alg: algorithm }).sign(privateKey);

  it('accepts what was signed, in both engines', async () => {
    const jws = parseCompactJws(await sign());

    expect(verifyWithNode(jws, algorithm, publicKey)).toBe(true);
    expect(await verifyWithJose(jws, algorithm, publicKey)).toBe(true);
  });

  it('refuses every other signature, in both engines', async () => {
    const jws = parseCompactJws(await sign());
    for (const signature of mutantsOf(jws.signature)) {
      const mutant = { ...jws, signature };
      expect(verifyWithNode(mutant, algorithm, publicKey)).toBe(false);
      expect(await verifyWithJose(mutant, algorithm, publicKey)).toBe(false);
    }
  });

  it('refuses every other text, in both engines', async () => {
    const jws = parseCompactJws(await sign());
    for (const signingInput of [
      jws.signingInput.slice(1),
      `${jws.signingInput}A`,
      jws.signingInput.replace('.', ''),
      jws.signingInput.toUpperCase(),
    ]) {
      const mutant = { ...jws, signingInput };
      expect(verifyWithNode(mutant, algorithm, publicKey)).toBe(false);
      expect(await verifyWithJose(mutant, algorithm, publicKey)).toBe(false);
    }
  });

  it('has the same verdict under every other algorithm', async () => {
    const jws = parseCompactJws(await sign());
    for (const [other, { publicKey: otherKey }] of pairs) {
      const byNode = verifyWithNode(jws, other, otherKey);
      const isSame = other === algorithm || (publicKey === otherKey && publicKey === ed.publicKey);

      expect(byNode).toBe(isSame);
      // jose reads the algorithm from the header, so it can only agree where they are the same.
      if (!isSame) expect(await verifyWithJose(jws, other, otherKey)).toBe(false);
    }
  });
});

it.each(['RS256', 'PS256'])('takes no %s signature without its leading zero', async (algorithm) => {
  // One in 256 begins with a zero.
  let jws = parseCompactJws(await signRsa(algorithm, 0));
  for (let count = 1; jws.signature[0] !== 0; count += 1) {
    jws = parseCompactJws(await signRsa(algorithm, count));
  }
  const shorter = { ...jws, signature: jws.signature.subarray(1) };
  const key = {
    keyId: undefined,
    algorithm,
    key: rsa.publicKey,
    signatureLength: signatureLengthOf(rsa.publicKey),
  };

  expect(holdsSignature(jws, algorithm, key)).toBe(true);
  expect(holdsSignature(shorter, algorithm, key)).toBe(false);
});

function signRsa(algorithm: string, count: number): Promise<string> {
  return new SignJWT({ ...goodClaims, count })
    .setProtectedHeader({ alg: algorithm })
    .sign(rsa.privateKey);
}

it.each(['none', 'RSA', '__proto__', ''])('knows no algorithm %s', async (algorithm) => {
  const jws = parseCompactJws(
    await new SignJWT(goodClaims).setProtectedHeader({ alg: 'RS256' }).sign(rsa.privateKey),
  );

  expect(verifyWithNode(jws, algorithm, rsa.publicKey)).toBe(false);
});

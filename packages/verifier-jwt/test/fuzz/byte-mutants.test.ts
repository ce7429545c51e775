/** One token for each algorithm, with its characters changed in many ways (TOK-08). */
import { expect, it } from 'vitest';
import { context, isAcceptable, mint, refuseMutants } from './byte-mutants.ts';
import { createKeys, createVerifier, type SigningKey } from './world.ts';

// A prime, so that it meets every place of a group of four characters. `nightly` changes each character.
const step = 13;

it.each(createKeys().map((key) => [key.algorithm, key] as const))(
  'refuses every mutant of a token of %s, and accepts the token (TOK-05, TOK-08, TOK-09)',
  (_algorithm, key) => refuseMutants(key, step),
);

// The order of the group of each curve (SEC 2 §2.4.2, §2.5.1, §2.6.1).
const orders = {
  ES256: 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551',
  ES384:
    'ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973',
  ES512: `01${'f'.repeat(65)}a51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409`,
} as const;

it.each(Object.entries(orders))(
  'accepts the one other signature of %s that is as good, and none beyond the order (TOK-05, TOK-07)',
  async (algorithm, order) => {
    const key = createKeys().find((one) => one.algorithm === algorithm) as SigningKey;
    const token = mint(key);
    const text = token.slice(0, token.lastIndexOf('.'));
    const signature = Buffer.from(token.slice(text.length + 1), 'base64url');
    const half = signature.length / 2;
    const [r, s] = [signature.subarray(0, half), signature.subarray(half)];
    const n = BigInt(`0x${order}`);
    const bytesOf = (number: bigint) =>
      Buffer.from(number.toString(16).padStart(half * 2, '0'), 'hex');
    const numberOf = (bytes: Buffer) => BigInt(`0x${bytes.toString('hex')}`);
    const judge = async (one: Buffer, other: Buffer) => {
      const forged = `${text}.${Buffer.concat([one, other]).toString('base64url')}`;
      const verifier = createVerifier([key], 'rfc9068');
      const verdict = await verifier.verify(forged, context).then(
        () => true,
        () => false,
      );
      expect(isAcceptable(forged, key)).toBe(verdict);
      return verdict;
    };

    expect(await judge(r, bytesOf(n - numberOf(s)))).toBe(true);
    const most = bytesOf(2n ** BigInt(half * 8) - 1n);
    for (const bad of [bytesOf(0n), bytesOf(n), bytesOf(n + 1n), most]) {
      expect(await judge(bad, bad)).toBe(false);
      expect(await judge(r, bad)).toBe(false);
      expect(await judge(bad, s)).toBe(false);
    }
  },
);

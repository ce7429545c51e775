/** One token for each algorithm, with every one of its characters changed in many ways (TOK-08). */
import { testContext } from '@sallyport/contract-tests';
import { expect, it } from 'vitest';
import { judge } from './predicate.ts';
import {
  audience,
  createKeys,
  createVerifier,
  issuer,
  nowSeconds,
  type SigningKey,
  signText,
} from './world.ts';

const context = testContext({ nowSeconds });
const isAcceptable = (token: string, key: SigningKey) =>
  judge(token, [key], 'rfc9068', nowSeconds) === 'acceptable';
const segment = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

function mint(key: SigningKey): string {
  const { algorithm, kid } = key;
  const header = segment({ alg: algorithm, typ: 'at+jwt', kid });
  const exp = nowSeconds + 300;
  const claims = { iss: issuer, aud: audience, sub: 'u', client_id: 'c', scope: 'r', exp };
  const text = `${header}.${segment(claims)}`;
  return `${text}.${signText(text, key).toString('base64url')}`;
}

/** Each bit of each character the other way, and each character gone, doubled, or something else. */
function* mutantsOf(token: string): Generator<string> {
  for (let at = 0; at < token.length; at += 1) {
    const [before, character, after] = [token.slice(0, at), token.charAt(at), token.slice(at + 1)];
    for (let bit = 0; bit < 8; bit += 1) {
      yield before + String.fromCharCode(character.charCodeAt(0) ^ (1 << bit)) + after;
    }
    yield before + after;
    yield before + character + character + after;
    for (const other of ['.', '=', ' ', 'A']) {
      if (other !== character) yield before + other + after;
      yield before + other + character + after;
    }
  }
}

it.each(createKeys().map((key) => [key.algorithm, key] as const))(
  'refuses every mutant of a token of %s, and accepts the token (TOK-05, TOK-08, TOK-09)',
  { timeout: 120_000 },
  async (_algorithm, key) => {
    const verifier = createVerifier([key], 'rfc9068');
    const isVerified = (token: string) =>
      verifier.verify(token, context).then(
        () => true,
        (error: { name?: string }) => {
          if (error.name !== 'AuthError') throw error;
          return false;
        },
      );
    const token = mint(key);
    expect(await isVerified(token)).toBe(true);
    expect(isAcceptable(token, key)).toBe(true);

    const accepted: string[] = [];
    let mutants = 0;
    for (const mutant of mutantsOf(token)) {
      mutants += 1;
      if ((await isVerified(mutant)) || isAcceptable(mutant, key)) accepted.push(mutant);
    }
    expect(accepted).toEqual([]);
    expect(mutants).toBeGreaterThan(15 * token.length);
  },
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

/** A token, with its characters changed in many ways (TOK-08). */
import { testContext } from '@sallyport/contract-tests';
import { expect } from 'vitest';
import { judge } from './predicate.ts';
import {
  audience,
  createVerifier,
  issuer,
  nowSeconds,
  type SigningKey,
  signText,
} from './world.ts';

export const context = testContext({ nowSeconds });
export const isAcceptable = (token: string, key: SigningKey) =>
  judge(token, [key], 'rfc9068', nowSeconds) === 'acceptable';
const segment = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token that is accepted. */
export function mint(key: SigningKey): string {
  const { algorithm, kid } = key;
  const header = segment({ alg: algorithm, typ: 'at+jwt', kid });
  const exp = nowSeconds + 300;
  const claims = { iss: issuer, aud: audience, sub: 'u', client_id: 'c', scope: 'r', exp };
  const text = `${header}.${segment(claims)}`;
  return `${text}.${signText(text, key).toString('base64url')}`;
}

/**
 * Every `step`th character: each of its bits the other way, and the character gone, doubled, or something
 * else.
 */
function* mutantsOf(token: string, step: number): Generator<string> {
  for (let at = 0; at < token.length; at += step) {
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

/** @param step 1 changes every character, 3 every third one. */
export async function refuseMutants(key: SigningKey, step: number): Promise<void> {
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
  for (const mutant of mutantsOf(token, step)) {
    mutants += 1;
    if ((await isVerified(mutant)) || isAcceptable(mutant, key)) accepted.push(mutant);
  }
  expect(accepted).toEqual([]);
  expect(mutants).toBeGreaterThan((15 * token.length) / step);
}

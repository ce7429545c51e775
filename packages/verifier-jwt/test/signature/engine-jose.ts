import type { KeyObject } from 'node:crypto';
import { compactVerify } from 'jose';
import type { SignedText } from '../../src/token/compact-jws.ts';

/** Whether the signature holds, by jose and Web Crypto: the second opinion of the tests. */
export async function verifyWithJose(
  { signingInput, signature }: SignedText,
  algorithm: string,
  key: KeyObject,
): Promise<boolean> {
  try {
    const token = `${signingInput}.${signature.toString('base64url')}`;
    await compactVerify(token, key, { algorithms: [algorithm] });
    return true;
  } catch {
    return false;
  }
}

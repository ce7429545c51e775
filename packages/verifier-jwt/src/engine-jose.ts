import type { KeyObject } from 'node:crypto';
import { compactVerify } from 'jose';
import type { CompactJws } from './compact-jws.ts';
import { hasFullLength } from './signature-length.ts';

/** Whether the signature holds, by Web Crypto: for runtimes without Node's own. */
export async function verifyWithJose(
  { signingInput, signature }: CompactJws,
  algorithm: string,
  key: KeyObject,
): Promise<boolean> {
  if (!hasFullLength(signature, key)) return false;
  try {
    const token = `${signingInput}.${signature.toString('base64url')}`;
    await compactVerify(token, key, { algorithms: [algorithm] });
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether a token is one to accept, worked out once more and in another way: from the RFCs, without
 * jose and without anything of the verifier.
 */
import { constants, createHmac, verify } from 'node:crypto';
import { NotStrict, parseStrictJson } from './strict-json.ts';
import { audience, isHmac, issuer, type KeyRing, type Profile, type SigningKey } from './world.ts';

type Members = ReadonlyMap<string, unknown>;

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const tolerance = 60;
const longestLife = 90_000;

/**
 * `expired` is a token that is good otherwise.
 *
 * @param ring The only keys that the verifier has; their algorithms are those it allows.
 */
export function judge(
  token: string,
  ring: KeyRing,
  profile: Profile,
  nowSeconds: number,
): 'acceptable' | 'expired' | 'bad' {
  const segments = token.split('.');
  const [header = '', payload = '', signature = ''] = segments;
  if (token.length > 8_192 || segments.length !== 3 || segments.includes('')) return 'bad';
  if (signature === 'SIGNATURE_REMOVED_BY_GOOGLE') return 'bad';
  const bytes = [header, payload, signature].map(decode);
  const [head, claims] = [readObject(bytes[0]), readObject(bytes[1])];
  const mark = bytes[2];
  if (head === undefined || claims === undefined || mark === undefined) return 'bad';
  const key = findKey(head, ring);
  const isGood =
    key !== undefined &&
    isGoodHeader(head, profile) &&
    isSigned(`${header}.${payload}`, mark, key) &&
    isForUs(claims) &&
    isFromSomebody(claims, profile) &&
    hasGoodScopes(claims) &&
    hasGoodTimes(claims, nowSeconds);
  if (!isGood) return 'bad';
  return nowSeconds < Number(claims.get('exp')) + tolerance ? 'acceptable' : 'expired';
}

/** RFC 4648 §5 without padding, bit by bit: no other character, and no bit left over. */
function decode(text: string): Buffer | undefined {
  let bits = 0;
  let held = 0;
  const bytes: number[] = [];
  for (const character of text) {
    const value = alphabet.indexOf(character);
    if (value < 0) return undefined;
    held = (held << 6) | value;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push(held >> bits);
    held &= (1 << bits) - 1;
  }
  return bits < 6 && held === 0 ? Buffer.from(bytes) : undefined;
}

function readObject(bytes: Buffer | undefined): Members | undefined {
  if (bytes === undefined) return undefined;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const value = parseStrictJson(text, 32);
    return value instanceof Map ? value : undefined;
  } catch (error) {
    // TextDecoder says so with a TypeError.
    if (error instanceof NotStrict || error instanceof TypeError) return undefined;
    throw error;
  }
}

/** By the exact algorithm and the exact name; a shared secret needs no name (RFC 7515 §4.1.4). */
function findKey(head: Members, ring: KeyRing): SigningKey | undefined {
  const [algorithm, named] = [head.get('alg'), head.get('kid')];
  const kid = isEmpty(named) ? undefined : named;
  const isName = typeof kid === 'string' && Buffer.byteLength(kid) <= 256;
  if (!isName && kid !== undefined) return undefined;
  const [first] = ring;
  if (isHmac(first.algorithm)) return first.algorithm === algorithm ? first : undefined;
  if (!isName || !ring.some((key) => key.algorithm === algorithm)) return undefined;
  // RFC 9864 §2.2: two names of one algorithm.
  const names = ['EdDSA', 'Ed25519'];
  const meant = names.includes(String(algorithm)) ? names : [algorithm];
  return ring.find((key) => key.kid === kid && meant.includes(key.algorithm));
}

function isGoodHeader(head: Members, profile: Profile): boolean {
  const forbidden = ['b64', 'crit', 'jwk', 'zip', 'enc', 'p2c'];
  const types = ['at+jwt', 'application/at+jwt'];
  if (profile === 'legacy') types.push('jwt', 'application/jwt');
  const isUntyped = profile === 'legacy' && !head.has('typ');
  return (
    (isUntyped || isAnyCaseOf(head.get('typ'), types)) &&
    !isAnyCaseOf(head.get('cty'), ['jwt', 'application/jwt']) &&
    !forbidden.some((name) => head.has(name))
  );
}

function isSigned(text: string, signature: Buffer, key: SigningKey): boolean {
  const { algorithm, publicKey } = key;
  const hash = `sha${algorithm.slice(2)}`;
  const data = Buffer.from(text);
  if (isHmac(algorithm)) {
    return createHmac(hash, publicKey).update(data).digest().equals(signature);
  }
  switch (publicKey.asymmetricKeyType) {
    case 'ed25519':
      return verify(null, data, publicKey, signature);
    case 'ec': {
      const length = { ES256: 64, ES384: 96, ES512: 132 }[algorithm as 'ES256'];
      const wrapped = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const;
      return signature.length === length && verify(hash, data, wrapped, signature);
    }
    default: {
      const pss = {
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: Number(hash.slice(3)) / 8,
      };
      const wrapped = { key: publicKey, ...(algorithm.startsWith('PS') && pss) };
      return signature.length === 256 && verify(hash, data, wrapped, signature);
    }
  }
}

function isForUs(claims: Members): boolean {
  const aud = claims.get('aud');
  const list: unknown[] = Array.isArray(aud) ? aud : [aud];
  return (
    claims.get('iss') === issuer &&
    !claims.has('cnf') &&
    list.every(isText) &&
    list.includes(audience)
  );
}

function isFromSomebody(claims: Members, profile: Profile): boolean {
  const isName = (value: unknown) => isText(value) && value.length <= 1_024;
  if (!isName(claims.get('sub'))) return false;
  if (profile === 'rfc9068') return isName(claims.get('client_id'));
  if (isAnyCaseOf(claims.get('typ'), ['id'])) return false;
  if (['nonce', 'at_hash', 'c_hash'].some((name) => !isEmpty(claims.get(name)))) return false;
  const client = ['client_id', 'azp', 'cid', 'appid'].find((name) => !isEmpty(claims.get(name)));
  return client === undefined || isName(claims.get(client));
}

function hasGoodScopes(claims: Members): boolean {
  const name = ['scope', 'scp'].find((one) => !isEmpty(claims.get(one)));
  if (name === undefined) return true;
  const value = claims.get(name);
  const list = typeof value === 'string' ? value.split(' ').filter((one) => one !== '') : value;
  return Array.isArray(list) && list.length <= 256 && list.every(isText);
}

/** Everything about the times but whether the last one is over. */
function hasGoodTimes(claims: Members, nowSeconds: number): boolean {
  const isTime = (value: unknown): value is number =>
    typeof value === 'number' && value > 0 && value < 100_000_000_000;
  const [exp, iat, nbf] = ['exp', 'iat', 'nbf'].map((name) => claims.get(name));
  const hasBegun = (value: unknown) => isTime(value) && value <= nowSeconds + tolerance;
  return (
    isTime(exp) &&
    (isNoTime(nbf) || hasBegun(nbf)) &&
    (isNoTime(iat) || (hasBegun(iat) && exp - Number(iat) <= longestLife + tolerance))
  );
}

const isNoTime = (value: unknown) => value === 0 || (isEmpty(value) && !Array.isArray(value));

/** Optional members that are empty count as absent. */
function isEmpty(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    value === '' ||
    (Array.isArray(value) && value.length === 0)
  );
}

function isAnyCaseOf(value: unknown, names: readonly string[]): boolean {
  return typeof value === 'string' && names.includes(value.toLowerCase());
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.isWellFormed();
}

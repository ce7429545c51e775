/**
 * Whether a token is one to accept, worked out once more and in another way: from the RFCs, without
 * jose and without anything of the verifier.
 */
import { constants, createHmac, verify } from 'node:crypto';
import { NotStrict, parseStrictJson } from './strict-json.ts';
import { audience, isHmac, issuer, nowSeconds, type SigningKey } from './world.ts';

type Members = ReadonlyMap<string, unknown>;

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const tolerance = 60;
const day = 86_400;

/** @param key The only key that the verifier has. */
export function isAcceptable(
  token: string,
  key: SigningKey,
  profile: 'rfc9068' | 'legacy',
): boolean {
  const segments = token.split('.');
  const [header = '', payload = '', signature = ''] = segments;
  if (token.length > 8_192 || segments.length !== 3 || segments.includes('')) return false;
  if (signature === 'SIGNATURE_REMOVED_BY_GOOGLE') return false;
  const bytes = [header, payload, signature].map(decode);
  const [head, claims] = [readObject(bytes[0]), readObject(bytes[1])];
  const mark = bytes[2];
  if (head === undefined || claims === undefined || mark === undefined) return false;
  return (
    isGoodHeader(head, key, profile) &&
    isSigned(`${header}.${payload}`, mark, key) &&
    isForUs(claims) &&
    isFromSomebody(claims, profile) &&
    hasGoodScopes(claims) &&
    isInTime(claims)
  );
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

function isGoodHeader(head: Members, { algorithm, kid }: SigningKey, profile: string): boolean {
  const given = head.get('kid');
  const isName = typeof given === 'string' && Buffer.byteLength(given) <= 256;
  const namesKey = isHmac(algorithm) ? given === undefined || isName : given === kid;
  const forbidden = ['b64', 'crit', 'jku', 'jwk', 'x5u', 'zip', 'enc', 'p2c'];
  const type = head.get('typ');
  const types = ['at+jwt', 'application/at+jwt'];
  if (profile === 'legacy') types.push('jwt', 'application/jwt');
  const hasType =
    (type === undefined && profile === 'legacy') ||
    (typeof type === 'string' && types.includes(type.toLowerCase()));
  const content = head.get('cty');
  const isNested =
    typeof content === 'string' && ['jwt', 'application/jwt'].includes(content.toLowerCase());
  return (
    head.get('alg') === algorithm &&
    namesKey &&
    hasType &&
    !isNested &&
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

function isFromSomebody(claims: Members, profile: string): boolean {
  const isName = (value: unknown) => isText(value) && value.length <= 1_024;
  if (!isName(claims.get('sub'))) return false;
  if (profile === 'rfc9068') return isName(claims.get('client_id'));
  const type = claims.get('typ');
  if (typeof type === 'string' && type.toLowerCase() === 'id') return false;
  if (['nonce', 'at_hash', 'c_hash'].some((name) => claims.has(name))) return false;
  const client = ['client_id', 'azp', 'cid', 'appid'].find((name) => claims.has(name));
  return client === undefined || isName(claims.get(client));
}

function hasGoodScopes(claims: Members): boolean {
  const scope = claims.has('scope') ? claims.get('scope') : (claims.get('scp') ?? '');
  if (claims.get('scp') === null && !claims.has('scope')) return false;
  const list = typeof scope === 'string' ? scope.split(' ').filter((one) => one !== '') : scope;
  return Array.isArray(list) && list.length <= 256 && list.every(isText);
}

function isInTime(claims: Members): boolean {
  const isTime = (value: unknown): value is number =>
    typeof value === 'number' && value > 0 && value < 100_000_000_000;
  const exp = claims.get('exp');
  const iat = claims.get('iat');
  const nbf = claims.get('nbf');
  const hasBegun = (value: unknown) => isTime(value) && value <= nowSeconds + tolerance;
  return (
    isTime(exp) &&
    nowSeconds < exp + tolerance &&
    (!claims.has('nbf') || nbf === 0 || hasBegun(nbf)) &&
    (!claims.has('iat') || (hasBegun(iat) && exp - (iat as number) <= day))
  );
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.isWellFormed();
}

/** The three files of Wycheproof that hold whole JWS texts. */
import {
  acceptsWithKeySet,
  acceptsWithSecret,
  isSecretOfRfc7520,
  type Jwk,
} from './our-verdict.ts';
import type { LeftOut, Vector, VectorSet } from './vector.ts';
import { describe, type WycheproofFile, type WycheproofGroup } from './wycheproof.ts';

const groupNames: Readonly<Record<string, string>> = {
  JsonWebSignature: 'JWS texts',
  JsonWebKey: 'JWK sets',
  JsonWebCrypto: 'JWS texts, earlier file',
};

/** The vectors of one key or key set. */
export function readJoseGroup(file: WycheproofFile, group: WycheproofGroup): VectorSet {
  const keys = keysOf(group);
  const secret = keys.length === 1 && keys[0]?.['kty'] === 'oct' ? keys[0] : undefined;
  const signed = group.tests.filter(({ jws }) => jws !== undefined);
  const others = group.tests.length - signed.length;
  const leftOut: LeftOut[] =
    others === 0 ? [] : [{ reason: 'not about signatures that a JWS can hold', vectors: others }];
  if (secret !== undefined && !/^HS/.test(`${secret['alg']}`)) {
    const reason = 'a secret for encryption: Sallyport takes a secret as text, without a JWK';
    return { vectors: [], leftOut: [...leftOut, { reason, vectors: signed.length }] };
  }
  const vectors = signed.map((test): Vector => {
    const jws = test.jws ?? '';
    const { k, alg } = secret ?? {};
    return {
      ...describe(file, test, groupNames[group.type] ?? group.type),
      stricter: test.result === 'valid' ? stricterThan(jws, keys) : undefined,
      accepts: () =>
        secret === undefined
          ? acceptsWithKeySet(jws, keys)
          : acceptsWithSecret(jws, `${k}`, `${alg}`),
    };
  });
  return { vectors, leftOut };
}

/** The public half where there is one: a resource server has nothing else. */
function keysOf(group: WycheproofGroup): readonly Jwk[] {
  const document = group.public ?? group.private ?? {};
  const { keys } = document as { readonly keys?: readonly Jwk[] };
  return keys ?? [document];
}

/** The rule by which Sallyport refuses a JWS that is valid for the publisher. */
function stricterThan(jws: string, keys: readonly Jwk[]): string | undefined {
  const [head = '', payload] = jws.split('.');
  const header = JSON.parse(Buffer.from(head, 'base64url').toString()) as Jwk;
  const secrets = keys.filter(({ kty }) => kty === 'oct');
  if (payload === '') return 'an empty payload: an access token has claims';
  if (secrets.length > 1) return 'a shared secret in a JWK set: Sallyport reads public keys there';
  if (secrets.some(({ k }) => isSeries(`${k}`))) return 'a shared secret that can be guessed';
  if (secrets.some(isSecretOfRfc7520)) return 'the shared secret that RFC 7520 publishes';
  const named = keys.filter(({ kid }) => kid === undefined || kid === header['kid']);
  if (secrets.length === 0 && named.length === 0) return 'a key id that the token does not name';
  if (!named.some(({ alg }) => alg === undefined || alg === header['alg'])) {
    return 'a JWK whose algorithm is not the token’s (RFC 8725 §3.1)';
  }
  return undefined;
}

/** Whether the bytes are all the same, or count upwards. */
function isSeries(secret: string): boolean {
  const bytes = [...Buffer.from(secret, 'base64url')];
  const steps = bytes.slice(1).map((byte, index) => byte - (bytes[index] ?? 0));
  return new Set(steps).size <= 1;
}

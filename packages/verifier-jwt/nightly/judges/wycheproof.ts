/** Reads the folder `testvectors_v1` of Wycheproof (https://github.com/C2SP/wycheproof). */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { holdsForPublicKey, holdsForSecret } from './our-verdict.ts';
import type { LeftOut, Vector, VectorSet } from './vector.ts';
import { readJoseGroup } from './wycheproof-jose.ts';

/** What is read of a file. */
export interface WycheproofFile {
  readonly name: string;
  readonly algorithm?: string;
  readonly testGroups: readonly WycheproofGroup[];
}

export interface WycheproofGroup {
  readonly type: string;
  readonly tests: readonly WycheproofTest[];
  readonly sha?: string;
  readonly mgfSha?: string;
  readonly sLen?: number;
  readonly tagSize?: number;
  readonly publicKeyPem?: string;
  readonly publicKey?: { readonly curve?: string; readonly publicExponent?: string };
  /** A JWK or a JWK set. */
  readonly public?: Readonly<Record<string, unknown>>;
  readonly private?: Readonly<Record<string, unknown>>;
}

export interface WycheproofTest {
  readonly tcId: number;
  readonly comment?: string;
  readonly result: 'valid' | 'invalid' | 'acceptable';
  readonly msg?: string;
  readonly sig?: string;
  readonly tag?: string;
  readonly key?: string;
  readonly jws?: string;
}

/** Reads every file of a clone, or of its folder `testvectors_v1`. */
export function readWycheproof(folder: string): VectorSet {
  const inner = readdirSync(folder).includes('testvectors_v1')
    ? join(folder, 'testvectors_v1')
    : folder;
  const names = readdirSync(inner).filter((name) => name.endsWith('_test.json'));
  const parts = names.sort().flatMap((name) => {
    const file = JSON.parse(readFileSync(join(inner, name), 'utf8')) as WycheproofFile;
    return file.testGroups.map((group) => readGroup({ ...file, name }, group));
  });
  return {
    vectors: parts.flatMap(({ vectors }) => vectors),
    leftOut: parts.flatMap(({ leftOut }) => leftOut),
  };
}

function readGroup(file: WycheproofFile, group: WycheproofGroup): VectorSet {
  switch (group.type) {
    case 'JsonWebSignature':
    case 'JsonWebKey':
    case 'JsonWebCrypto':
      return readJoseGroup(file, group);
    case 'RsassaPkcs1Verify':
      return signatures(file, group, shaName('RS', group.sha));
    case 'RsassaPssVerify':
      return signatures(file, group, shaName('PS', group.sha));
    case 'EcdsaP1363Verify':
      return signatures(file, group, ecdsaNames[`${group.publicKey?.curve} ${group.sha}`]);
    case 'EddsaVerify':
      return signatures(file, group, eddsaNames[`${group.publicKey?.curve}`]);
    case 'MacTest':
      return codes(file, group, macNames[`${file.algorithm}`]);
    case 'EcdsaVerify':
      return skip(group, 'ECDSA signatures in DER: a JWS holds R and S instead (RFC 7518 §3.4)');
    case 'RsassaPssWithParametersVerify':
      return skip(group, 'RSA keys with PSS parameters: a JWK cannot express them');
    default:
      return skip(group, 'not about signatures that a JWS can hold');
  }
}

const ecdsaNames: Readonly<Record<string, string>> = {
  'secp256r1 SHA-256': 'ES256',
  'secp384r1 SHA-384': 'ES384',
  'secp521r1 SHA-512': 'ES512',
};
const eddsaNames: Readonly<Record<string, string>> = { edwards25519: 'Ed25519' };
const macNames: Readonly<Record<string, string>> = {
  HMACSHA256: 'HS256',
  HMACSHA384: 'HS384',
  HMACSHA512: 'HS512',
};

function shaName(prefix: string, sha = ''): string | undefined {
  const bits = /^SHA-(256|384|512)$/.exec(sha)?.[1];
  return bits === undefined ? undefined : prefix + bits;
}

const notInJose = 'a hash or a curve that Sallyport has no algorithm for';

function signatures(
  file: WycheproofFile,
  group: WycheproofGroup,
  algorithm: string | undefined,
): VectorSet {
  if (algorithm === undefined) return skip(group, notInJose);
  const rule = stricterThan(group, algorithm);
  const vectors = group.tests.map((test): Vector => {
    const signed = { message: test.msg ?? '', signature: test.sig ?? '' };
    const described = describe(file, test, `${algorithm} signatures`);
    return {
      ...described,
      right: hasUsualSalt(group, test, algorithm) ? 'accept' : described.right,
      stricter: test.result === 'invalid' ? undefined : rule,
      accepts: () => holdsForPublicKey(group.publicKeyPem ?? '', algorithm, signed),
    };
  });
  return { vectors, leftOut: [] };
}

/** The rule by which Sallyport refuses every signature of a group. */
function stricterThan(group: WycheproofGroup, algorithm: string): string | undefined {
  const exponent = group.publicKey?.publicExponent;
  if (exponent !== undefined && BigInt(`0x${exponent}`) <= 3n) {
    return 'an RSA key whose exponent is 3 or less';
  }
  if (!algorithm.startsWith('PS')) return undefined;
  const isUsual = group.mgfSha === group.sha && group.sLen === hashBytes(algorithm);
  return isUsual ? undefined : 'a PSS salt or mask hash that is not the hash’s own (RFC 7518 §3.5)';
}

/** A salt that is wrong for the parameters of its group, and is the one that RFC 7518 asks for. */
function hasUsualSalt(
  { sha, mgfSha }: WycheproofGroup,
  { comment }: WycheproofTest,
  algorithm: string,
): boolean {
  const isOfPss = algorithm.startsWith('PS') && sha === mgfSha;
  return isOfPss && comment === `s_len changed to ${hashBytes(algorithm)}`;
}

const hashBytes = (algorithm: string): number => Number(algorithm.slice(2)) / 8;

function codes(
  file: WycheproofFile,
  group: WycheproofGroup,
  algorithm: string | undefined,
): VectorSet {
  if (algorithm === undefined) return skip(group, notInJose);
  const isWhole = group.tagSize === Number(algorithm.slice(2));
  const vectors = group.tests.map((test): Vector => {
    const signed = { message: test.msg ?? '', signature: test.tag ?? '' };
    return {
      ...describe(file, test, `${algorithm} codes`),
      stricter:
        isWhole || test.result === 'invalid' ? undefined : 'a shortened HMAC (RFC 7518 §3.2)',
      accepts: () => holdsForSecret(test.key ?? '', algorithm, signed),
    };
  });
  return { vectors, leftOut: [] };
}

/** The name and the verdict of a test. */
export function describe(
  { name }: WycheproofFile,
  { tcId, result }: WycheproofTest,
  group: string,
): Pick<Vector, 'name' | 'group' | 'right'> {
  const right = { valid: 'accept', invalid: 'refuse', acceptable: 'either' } as const;
  return { name: `${name} ${tcId}`, group, right: right[result] };
}

function skip({ tests }: WycheproofGroup, reason: string): VectorSet {
  const leftOut: LeftOut[] = [{ reason, vectors: tests.length }];
  return { vectors: [], leftOut };
}

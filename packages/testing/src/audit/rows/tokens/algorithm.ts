/** Algorithms that a verifier must not take from the token (RFC 8725 §2.1, §3.1). */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { isBadToken } from '../../judge/judges.ts';
import { type RowEntry, table } from '../../row.ts';
import type { Kit } from '../../target/kit.ts';
import { derSignature, encode, publicTexts, signSegments } from '../../tokens/sign.ts';

const right = 'answers 401';
const unsigned = 'RFC 8725 §3.1; CVE-2015-9235';

const none: readonly unknown[] = [
  ...['none', 'None', 'NONE', 'nOnE', '', ' none', 'none ', 'none\0', 'n\u043ene'],
  ...[null, 0, false, ['none'], { alg: 'none' }, '__proto__', 'constructor', 'toString'],
];

const spelled: readonly ((algorithm: string) => string)[] = [
  (algorithm) => algorithm.toLowerCase(),
  (algorithm) => ` ${algorithm}`,
  (algorithm) => `${algorithm}\0`,
];

const secrets: readonly (readonly [title: string, secret: string])[] = [
  ['an empty secret', ''],
  ['"secret" as secret', 'secret'],
  ['"your-256-bit-secret" as secret', 'your-256-bit-secret'],
  ['"changeme" as secret', 'changeme'],
  ['"null" as secret', 'null'],
  ['"undefined" as secret', 'undefined'],
];

const texts = [
  'the PEM text of the public key',
  'the PEM text without its last line break',
  'the DER bytes of the public key',
  'the JWK text of the public key',
];

const bearer = (kit: Kit, token: string) => kit.call({ authorization: `Bearer ${token}` });

/** A good token whose header says something else, with this end. */
function relabel(kit: Kit, alg: unknown, end?: string): string {
  const { header = {}, segments = ['', '', ''] as const } = kit.jwt ?? {};
  return `${encode(JSON.stringify({ ...header, alg }))}.${segments[1]}.${end ?? segments[2]}`;
}

function hmac(kit: Kit, secret: Uint8Array, alg = 'HS256'): string {
  const { header = {}, claims = {} } = kit.jwt ?? {};
  const head = encode(JSON.stringify({ ...header, alg }));
  return signSegments(head, encode(JSON.stringify(claims)), secret, alg);
}

function keyOf({ signer }: Kit): KeyObject | undefined {
  const key = signer?.key;
  return key !== undefined && 'asymmetricKeyType' in key ? key : undefined;
}

/** Algorithms. */
export const algorithm: ReturnType<typeof table> = table(
  'algorithm',
  ['token', 'jwt'],
  [
    ...none.map(
      (alg): RowEntry => ({
        title: `alg ${JSON.stringify(alg)} and no signature`,
        ...{ requirement: 'TOK-01', clause: unsigned, right, severity: 'critical' },
        request: (kit) => bearer(kit, relabel(kit, alg, '')),
        judge: isBadToken,
      }),
    ),
    {
      title: 'a header without alg, and no signature',
      ...{ requirement: 'TOK-01', clause: unsigned, right, severity: 'critical' },
      request: (kit) => bearer(kit, relabel(kit, undefined, '')),
      judge: isBadToken,
    },
    {
      title: 'alg "none" and the signature of a good token',
      ...{ requirement: 'TOK-01', clause: unsigned, right, severity: 'critical' },
      request: (kit) => bearer(kit, relabel(kit, 'none')),
      judge: isBadToken,
    },
    ...secrets.map(
      ([title, secret]): RowEntry => ({
        title: `HS256 with ${title}`,
        ...{ requirement: 'TOK-04', clause: 'RFC 8725 §3.5', right, severity: 'critical' },
        request: (kit) => bearer(kit, hmac(kit, Buffer.from(secret))),
        judge: isBadToken,
      }),
    ),
    ...texts.map(
      (title): RowEntry => ({
        title: `HS256 with ${title} as secret`,
        ...{ requirement: 'TOK-02', clause: 'CVE-2016-10555; RFC 8725 §2.1' },
        ...{ right, severity: 'critical', needs: ['token', 'jwt', 'key'] },
        request(kit) {
          const key = keyOf(kit);
          const secret = key && publicTexts(key)[title];
          return secret && bearer(kit, hmac(kit, secret));
        },
        judge: isBadToken,
      }),
    ),
    ...spelled.map(
      (spell, index): RowEntry => ({
        title: `a signed token whose alg is spelled in another way (${index + 1})`,
        ...{ requirement: 'TOK-01', clause: 'RFC 7515 §4.1.1', right, severity: 'medium' },
        needs: ['key'],
        request(kit) {
          const { signer } = kit;
          if (signer === undefined) return undefined;
          const { header, claims } = signer.good();
          const head = encode(JSON.stringify({ ...header, alg: spell(signer.algorithm) }));
          const payload = encode(JSON.stringify(claims));
          return bearer(kit, signSegments(head, payload, signer.key, signer.algorithm));
        },
        judge: isBadToken,
      }),
    ),
    {
      title: 'another algorithm on the same RSA key',
      ...{ requirement: 'TOK-27', clause: 'RFC 8725 §3.1', right, severity: 'low', needs: ['key'] },
      request(kit) {
        const key = keyOf(kit);
        if (key?.asymmetricKeyType !== 'rsa' || kit.signer === undefined) return undefined;
        const { header, claims } = kit.signer.good();
        const alg = kit.signer.algorithm === 'PS512' ? 'RS512' : 'PS512';
        const head = encode(JSON.stringify({ ...header, alg }));
        return bearer(kit, signSegments(head, encode(JSON.stringify(claims)), key, alg));
      },
      judge: isBadToken,
    },
    {
      title: 'an ECDSA signature in DER form',
      ...{ requirement: 'TOK-06', clause: 'RFC 7518 §3.4', right, severity: 'low', needs: ['key'] },
      request(kit) {
        const key = keyOf(kit);
        if (key?.asymmetricKeyType !== 'ec' || kit.signer === undefined) return undefined;
        const { header, claims } = kit.signer.good();
        const [head, payload] = [encode(JSON.stringify(header)), encode(JSON.stringify(claims))];
        return bearer(kit, `${head}.${payload}.${derSignature(head, payload, key)}`);
      },
      judge: isBadToken,
    },
    {
      title: 'ES256 with r and s of zero',
      ...{ requirement: 'TOK-05', clause: 'CVE-2022-21449', right, severity: 'critical' },
      request: (kit) => bearer(kit, relabel(kit, 'ES256', encode(Buffer.alloc(64)))),
      judge: isBadToken,
    },
    {
      title: 'a signature with another key of the same kind',
      ...{ requirement: 'ANS-03', clause: 'RFC 7515 §5.2', right, severity: 'critical' },
      request(kit) {
        const { header = {}, segments } = kit.jwt ?? {};
        const alg = `${header['alg']}`;
        const key = /^[RP]S/.test(alg)
          ? generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey
          : alg === 'EdDSA' || alg === 'Ed25519'
            ? generateKeyPairSync('ed25519').privateKey
            : kit.stranger.key;
        if (segments === undefined || alg.startsWith('HS')) return undefined;
        return bearer(kit, signSegments(segments[0], segments[1], key, alg));
      },
      judge: isBadToken,
    },
  ],
);

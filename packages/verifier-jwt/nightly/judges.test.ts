/** The judges on a small folder that this test writes: vectors of our own, in the published formats. */
import {
  constants,
  createHmac,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readCookbook } from './judges/cookbook.ts';
import { writeJudgement } from './judges/report.ts';
import { judge } from './judges/vector.ts';
import { readWycheproof, type WycheproofGroup, type WycheproofTest } from './judges/wycheproof.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'judges-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const message = randomBytes(16);
const msg = message.toString('hex');
const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const edwards = generateKeyPairSync('ed25519');
const pem = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }).toString();

/** A valid test, and one whose signature has a changed bit. */
function pair(signature: Buffer, more: object = {}): readonly WycheproofTest[] {
  const changed = Buffer.from(signature);
  changed[9] = (changed[9] ?? 0) ^ 1;
  return [
    { tcId: 1, result: 'valid', msg, sig: signature.toString('hex'), ...more },
    { tcId: 2, result: 'invalid', msg, sig: changed.toString('hex'), ...more },
  ];
}

function pss(saltLength: number): Buffer {
  const key = { key: rsa.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength };
  return sign('sha256', message, key);
}

function compact(header: object, payload: string): string {
  const segments = [JSON.stringify(header), payload].map((text) =>
    Buffer.from(text).toString('base64url'),
  );
  const key = { key: curve.privateKey, dsaEncoding: 'ieee-p1363' } as const;
  const signature = sign('sha256', Buffer.from(segments.join('.')), key);
  return [...segments, signature.toString('base64url')].join('.');
}

const publicRsa = { publicKeyPem: pem(rsa.publicKey), publicKey: { publicExponent: '010001' } };
const secret = randomBytes(32);
const mac = (length: number) =>
  createHmac('sha256', secret).update(message).digest().subarray(0, length);
const macTests = (length: number): readonly WycheproofTest[] => [
  { tcId: 1, result: 'valid', key: secret.toString('hex'), msg, tag: mac(length).toString('hex') },
  { tcId: 2, result: 'invalid', key: secret.toString('hex'), msg, tag: '00'.repeat(length) },
];
const jwk = { ...curve.publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'ES256' };

const groups: Readonly<Record<string, readonly WycheproofGroup[]>> = {
  ecdsa: [
    {
      type: 'EcdsaP1363Verify',
      ...{ sha: 'SHA-256', publicKey: { curve: 'secp256r1' } },
      publicKeyPem: pem(curve.publicKey),
      tests: pair(sign('sha256', message, { key: curve.privateKey, dsaEncoding: 'ieee-p1363' })),
    },
    {
      type: 'EcdsaP1363Verify',
      sha: 'SHA-256',
      publicKey: { curve: 'secp256k1' },
      tests: pair(mac(9)),
    },
  ],
  eddsa: [
    {
      type: 'EddsaVerify',
      publicKey: { curve: 'edwards25519' },
      publicKeyPem: pem(edwards.publicKey),
      tests: pair(sign(null, message, edwards.privateKey)),
    },
  ],
  rsa: [
    {
      type: 'RsassaPkcs1Verify',
      sha: 'SHA-256',
      ...publicRsa,
      tests: pair(sign('sha256', message, rsa.privateKey)),
    },
    {
      type: 'RsassaPssVerify',
      sha: 'SHA-256',
      mgfSha: 'SHA-256',
      sLen: 32,
      ...publicRsa,
      tests: pair(pss(32)),
    },
    {
      type: 'RsassaPssVerify',
      sha: 'SHA-256',
      mgfSha: 'SHA-256',
      sLen: 0,
      ...publicRsa,
      tests: pair(pss(0)),
    },
  ],
  hmac: [
    { type: 'MacTest', tagSize: 256, tests: macTests(32) },
    { type: 'MacTest', tagSize: 128, tests: macTests(16) },
  ],
  json_web_signature: [
    {
      type: 'JsonWebSignature',
      public: jwk,
      tests: [
        { tcId: 1, result: 'valid', jws: compact({ alg: 'ES256', kid: 'one' }, 'any text') },
        { tcId: 2, result: 'valid', jws: compact({ alg: 'ES256', kid: 'one' }, '{"sub":"a"}') },
        { tcId: 3, result: 'invalid', jws: compact({ alg: 'none', kid: 'one' }, 'any text') },
        { tcId: 4, result: 'valid', jws: compact({ alg: 'ES256', kid: 'one' }, '') },
      ],
    },
  ],
  aes: [{ type: 'AeadTest', tests: pair(mac(16)) }],
};

async function writeWycheproof(name: string, files: typeof groups): Promise<string> {
  const inner = join(folder, name, 'testvectors_v1');
  await mkdir(inner, { recursive: true });
  for (const [file, testGroups] of Object.entries(files)) {
    const algorithm = file === 'hmac' ? { algorithm: 'HMACSHA256' } : {};
    await writeFile(join(inner, `${file}_test.json`), JSON.stringify({ ...algorithm, testGroups }));
  }
  return join(folder, name);
}

it('runs each kind of Wycheproof vector, and says what it left out', async () => {
  const { tallies, stricterRules, leftOut, wrong } = await judge(
    readWycheproof(await writeWycheproof('good', groups)),
  );

  expect(wrong).toEqual([]);
  const counts = tallies.map((tally) => [
    tally.group,
    tally.accepted,
    tally.refused,
    tally.stricter,
  ]);
  expect(counts).toEqual([
    ['ES256 signatures', 1, 1, 0],
    ['Ed25519 signatures', 1, 1, 0],
    ['HS256 codes', 1, 2, 1],
    ['JWS texts', 2, 1, 1],
    ['RS256 signatures', 1, 1, 0],
    ['PS256 signatures', 1, 2, 1],
  ]);
  expect([...stricterRules.values()]).toEqual([1, 1, 1]);
  expect([...leftOut.values()]).toEqual([2, 2]);
});

it('reports a vector that Sallyport does not agree with', async () => {
  const flipped = Object.fromEntries(
    Object.entries(groups).map(([file, own]) => [
      file,
      own.map((group) => ({
        ...group,
        tests: group.tests.map((test) => ({
          ...test,
          result: test.result === 'valid' ? ('invalid' as const) : ('valid' as const),
        })),
      })),
    ]),
  );
  const judgement = await judge(readWycheproof(await writeWycheproof('flipped', flipped)));

  // What a stricter rule refuses is refused in both cases.
  expect(judgement.wrong).toHaveLength(12);
  expect(writeJudgement(judgement)).toContain('- ecdsa_test.json 1\n');
});

it('runs the examples of a cookbook, and tampered copies of them', async () => {
  const place = join(folder, 'cookbook');
  const input = { alg: 'ES256', key: curve.privateKey.export({ format: 'jwk' }) };
  const token = compact({ alg: 'ES256' }, 'any text');
  const files = {
    'jwk/public.json': curve.publicKey.export({ format: 'jwk' }),
    'jwk/private.json': input.key,
    'jws/compact.json': { input, output: { compact: token } },
    'jws/json.json': { input, output: { json: { payload: 'any text', signatures: [] } } },
    'jwe/compact.json': { input, output: { compact: `${token}.a.b` } },
  };
  for (const [file, content] of Object.entries(files)) {
    await mkdir(join(place, file, '..'), { recursive: true });
    await writeFile(join(place, file), JSON.stringify(content));
  }

  const { tallies, wrong } = await judge(readCookbook(place));

  expect(wrong).toEqual([]);
  expect(tallies).toEqual([
    { group: 'JWK', accepted: 1, refused: 0, stricter: 1, either: 0, wrong: 0 },
    { group: 'JWS texts', accepted: 1, refused: 0, stricter: 1, either: 0, wrong: 0 },
    { group: 'JWS texts, tampered', accepted: 0, refused: 3, stricter: 0, either: 0, wrong: 0 },
    { group: 'JWE texts', accepted: 0, refused: 0, stricter: 1, either: 0, wrong: 0 },
  ]);
});

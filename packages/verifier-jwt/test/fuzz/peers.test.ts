/** The tokens of the grammar, as two other libraries judge them. */
import { testContext } from '@sallyport/contract-tests';
import fc from 'fast-check';
import { createVerifier as createFastJwt, type Algorithm as FastJwtAlgorithm } from 'fast-jwt';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import jsonwebtoken from 'jsonwebtoken';
import { expect, it } from 'vitest';
import { makeToken } from './make-token.ts';
import { type Recipe, recipes } from './recipe.ts';
import {
  audience,
  createRing,
  createSecretRing,
  createVerifier,
  isHmac,
  issuer,
  type KeyRing,
  nowSeconds,
  type SigningKey,
} from './world.ts';

const context = testContext({ nowSeconds });
const toleranceSeconds = 60;

const peers = ['jsonwebtoken', 'fast-jwt'] as const;
type Peer = (typeof peers)[number];
/** Throws for what it refuses. */
type Judge = (token: string) => unknown;

/** What a peer does not know, and refuses whatever else a token says: Ed25519, or its own name. */
const unknownAlgorithms: Readonly<Record<Peer, readonly string[]>> = {
  jsonwebtoken: ['EdDSA', 'Ed25519'],
  'fast-jwt': ['Ed25519'],
};

const createJudge: Readonly<Record<Peer, (key: SigningKey) => Judge>> = {
  jsonwebtoken: (key) => {
    const options = {
      algorithms: [nameOf(key) as jsonwebtoken.Algorithm],
      issuer,
      audience,
      clockTolerance: toleranceSeconds,
      clockTimestamp: nowSeconds,
    };
    return (token) => jsonwebtoken.verify(token, textOf(key), options);
  },
  'fast-jwt': (key) =>
    createFastJwt({
      key: textOf(key),
      algorithms: [nameOf(key) as FastJwtAlgorithm],
      allowedIss: issuer,
      allowedAud: audience,
      clockTolerance: toleranceSeconds * 1_000,
      clockTimestamp: nowSeconds * 1_000,
    }),
};

const nameOf = ({ algorithm }: SigningKey) => (algorithm === 'Ed25519' ? 'EdDSA' : algorithm);

function textOf({ algorithm, publicKey }: SigningKey): string {
  if (isHmac(algorithm)) return publicKey.export().toString();
  return publicKey.export({ type: 'spki', format: 'pem' }).toString();
}

function createBench(create: () => KeyRing, peer: Peer) {
  const rings = { own: create(), strange: create() };
  const verifiers = {
    rfc9068: createVerifier(rings.own, 'rfc9068'),
    legacy: createVerifier(rings.own, 'legacy'),
  };
  return { rings, verifiers, judges: rings.own.map((key) => createJudge[peer](key)) };
}

/** What somebody else says of a token, beside what we say. */
interface Verdicts {
  readonly recipe: Recipe;
  readonly token: string;
  readonly ours: string;
  readonly theirs: string;
}

async function* judgeAll(tokens: readonly Recipe[], peer: Peer): AsyncGenerator<Verdicts> {
  const benches = {
    public: createBench(createRing, peer),
    secret: createBench(createSecretRing, peer),
  };
  for (const recipe of tokens) {
    const { rings, verifiers, judges } = benches[recipe.signer.isSecret ? 'secret' : 'public'];
    const token = makeToken(recipe, rings);
    const ours = await verifiers[recipe.profile].verify(token, context).then(
      () => 'verified',
      ({ code }: { code: string }) => code,
    );
    yield { recipe, token, ours, theirs: verdictOf(token, judges[recipe.signer.index]) };
  }
}

function verdictOf(token: string, judge: Judge | undefined): string {
  if (judge === undefined) throw new Error('no such key');
  try {
    judge(token);
    return 'verified';
  } catch (error) {
    return String(error);
  }
}

/** CASE-36: an empty optional time counts as absent here; some peers refuse it. */
function hasEmptyTime(token: string): boolean {
  const { nbf, iat }: Record<string, unknown> = decodeJwt(token);
  return [nbf, iat].some((time) => time === null || time === '');
}

const algorithmOf = (token: string): string => decodeProtectedHeader(token).alg ?? '';

it.each(peers)(
  'accepts nothing that %s refuses, and refuses more',
  {
    timeout: 120_000,
  },
  async (peer) => {
    const accepted: Verdicts[] = [];
    const lax: Verdicts[] = [];
    const tokens = fc.sample(recipes, { numRuns: 1_500, seed: 20_260_102 });
    for await (const verdicts of judgeAll(tokens, peer)) {
      if (verdicts.ours === 'verified') accepted.push(verdicts);
      else if (verdicts.theirs === 'verified') lax.push(verdicts);
    }
    const unknown = unknownAlgorithms[peer];
    const known = accepted.filter(
      ({ token }) => !unknown.includes(algorithmOf(token)) && !hasEmptyTime(token),
    );

    expect(known.length).toBeGreaterThan(tokens.length / 5);
    expect(known.filter(({ theirs }) => theirs !== 'verified')).toEqual([]);
    // Duplicate members, stray bits and such trouble no peer; the key of a stranger does.
    const codes = new Set(lax.map(({ ours }) => ours));
    expect(codes).toContain('token_malformed');
    expect(codes).toContain('token_sender_constrained');
    expect(lax.filter(({ recipe }) => recipe.signature === 'of another key')).toEqual([]);
  },
);

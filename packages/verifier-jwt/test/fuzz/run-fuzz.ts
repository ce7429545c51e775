/** Runs tokens through the verifier, through both engines, and through the predicate. */
import { testContext } from '@sallyport/contract-tests';
import fc from 'fast-check';
import { parseCompactJws } from '../../src/compact-jws.ts';
import { verifyWithJose } from '../../src/engine-jose.ts';
import { verifyWithNode } from '../../src/engine-node.ts';
import { isControl, makeToken, recipes } from './grammar.ts';
import { isAcceptable } from './predicate.ts';
import {
  type Algorithm,
  createKeys,
  createVerifier,
  nowSeconds,
  type SigningKey,
} from './world.ts';

/** What a run has met, so that it cannot come to mean nothing unnoticed. */
export interface FuzzResult {
  readonly tokens: number;
  readonly accepted: number;
  readonly controls: number;
  readonly codes: ReadonlyMap<string, number>;
}

const longestMs = 10;
const context = testContext({ nowSeconds });

/** @throws With the recipe and the seed of the first token on which two do not agree. */
export async function runFuzz(tokens: number, seed: number): Promise<FuzzResult> {
  const keys = byAlgorithm(createKeys());
  const strangers = byAlgorithm(createKeys());
  const profiles = ['rfc9068', 'legacy'] as const;
  const verifiers = new Map(
    [...keys.values()].flatMap((key) =>
      profiles.map((profile) => [`${key.algorithm} ${profile}`, createVerifier(key, profile)]),
    ),
  );
  const codes = new Map<string, number>();
  let accepted = 0;
  let controls = 0;

  await fc.assert(
    fc.asyncProperty(recipes, async (recipe) => {
      const key = keys.get(recipe.algorithm);
      const stranger = strangers.get(recipe.algorithm);
      const verifier = verifiers.get(`${recipe.algorithm} ${recipe.profile}`);
      if (!key || !stranger || !verifier) throw new Error('no such algorithm');
      const token = makeToken(recipe, key, stranger);

      const verify = () => verifier.verify(token, context).then(() => 'verified', toCode);
      const startedAt = performance.now();
      const code = await verify();
      if (performance.now() - startedAt > longestMs) await assertQuick(verify);

      const isAccepted = code === 'verified';
      codes.set(code, (codes.get(code) ?? 0) + 1);
      if (isAccepted) accepted += 1;
      if (isAccepted !== isAcceptable(token, key, recipe.profile)) {
        throw new Error(`the predicate does not agree: ${code}\n${token}`);
      }
      if (isControl(recipe)) {
        controls += 1;
        if (!isAccepted) throw new Error(`a good token was refused: ${code}\n${token}`);
      }
      await assertOneVerdict(token, key);
    }),
    { numRuns: tokens, seed, verbose: 0 },
  );
  return { tokens, accepted, controls, codes };
}

const byAlgorithm = (keys: readonly SigningKey[]): ReadonlyMap<Algorithm, SigningKey> =>
  new Map(keys.map((key) => [key.algorithm, key]));

/** Nothing but an AuthError about the token may be thrown. */
function toCode(error: unknown): string {
  const { name, code } = error as { name?: unknown; code?: unknown };
  if (name !== 'AuthError' || typeof code !== 'string' || !code.startsWith('token_')) throw error;
  return code;
}

/** A pause of the whole process is no fault of the token: three times in a row is (OPS-07). */
async function assertQuick(verify: () => Promise<unknown>): Promise<void> {
  for (let time = 0; time < 3; time += 1) {
    const startedAt = performance.now();
    await verify();
    if (performance.now() - startedAt <= longestMs) return;
  }
  throw new Error(`a token took more than ${longestMs} ms`);
}

/** Whatever the header says, both engines judge the signature alike. */
async function assertOneVerdict(token: string, { algorithm, publicKey }: SigningKey) {
  const jws = parse(token);
  // jose reads the algorithm from the header, and refuses what it does not know there.
  if (jws?.header['alg'] !== algorithm || 'crit' in jws.header || 'b64' in jws.header) return;
  const byNode = verifyWithNode(jws, algorithm, publicKey);
  if (byNode !== (await verifyWithJose(jws, algorithm, publicKey))) {
    throw new Error(`the engines do not agree\n${token}`);
  }
}

function parse(token: string) {
  try {
    return parseCompactJws(token);
  } catch {
    return undefined;
  }
}

/** Runs tokens through the verifier, through both engines, and through the predicate. */
import { testContext } from '@sallyport/contract-tests';
import fc from 'fast-check';
import { verifyWithNode } from '../../src/signature/engine-node.ts';
import { parseCompactJws } from '../../src/token/compact-jws.ts';
import { verifyWithJose } from '../signature/engine-jose.ts';
import { makeToken, type Rings } from './make-token.ts';
import { judge } from './predicate.ts';
import { isControl, type Recipe, recipes } from './recipe.ts';
import {
  createRing,
  createSecretRing,
  createVerifier,
  type KeyRing,
  nowSeconds,
  type Profile,
} from './world.ts';

/** What a run has met, so that it cannot come to mean nothing unnoticed. */
export interface FuzzResult {
  readonly tokens: number;
  readonly accepted: number;
  readonly controls: number;
  /** Signatures that both engines judged. */
  readonly engines: { readonly good: number; readonly bad: number };
  readonly codes: ReadonlyMap<string, number>;
}

const longestMs = 10;
const profiles = ['rfc9068', 'legacy'] as const;

/** @throws With the recipe and the seed of the first token on which two do not agree. */
export async function runFuzz(tokens: number, seed: number): Promise<FuzzResult> {
  const stages = {
    public: createStage({ own: createRing(), strange: createRing() }),
    secret: createStage({ own: createSecretRing(), strange: createSecretRing() }),
  };
  const codes = new Map<string, number>();
  const engines = { good: 0, bad: 0 };
  let controls = 0;

  const property = fc.asyncProperty(recipes, async (recipe) => {
    const { rings, verify } = stages[recipe.signer.isSecret ? 'secret' : 'public'];
    const token = makeToken(recipe, rings);
    const code = await verify(token, recipe.profile, nowSeconds);
    codes.set(code, (codes.get(code) ?? 0) + 1);
    if (isControl(recipe)) {
      controls += 1;
      if (code !== 'verified') throw new Error(`a good token was refused: ${code}\n${token}`);
    }
    // Once more, out of memory, and then at another time.
    await verify(token, recipe.profile, nowSeconds);
    await verify(token, recipe.profile, nowSeconds + recipe.laterSeconds);
    const verdict = await judgeByEngines(token, recipe, rings.own);
    if (verdict !== undefined) engines[verdict] += 1;
  });
  await fc.assert(property, { numRuns: tokens, seed });
  return { tokens, accepted: codes.get('verified') ?? 0, controls, engines, codes };
}

function createStage(rings: Rings) {
  const [strict, legacy] = profiles.map((profile) => createVerifier(rings.own, profile));
  return {
    rings,

    /** @returns `verified`, or the code of the refusal: the same that the predicate says. */
    async verify(token: string, profile: Profile, now: number): Promise<string> {
      const verifier = profile === 'legacy' ? legacy : strict;
      if (verifier === undefined) throw new Error('no such profile');
      const context = testContext({ nowSeconds: now });
      const verify = () => verifier.verify(token, context).then(() => 'verified', toCode);
      const startedAt = cpuMs();
      const code = await verify();
      if (cpuMs() - startedAt > longestMs) await assertQuick(verify);

      const expected = { acceptable: 'verified', expired: 'token_expired', bad: 'another code' };
      const known = Object.values(expected);
      const said = known.includes(code) ? code : 'another code';
      const meant = expected[judge(token, rings.own, profile, now)];
      if (said !== meant) throw new Error(`the predicate says ${meant}, and not ${code}\n${token}`);
      return code;
    },
  };
}

/** Nothing but an AuthError about the token may be thrown. */
function toCode(error: unknown): string {
  const { name, code } = error as { name?: unknown; code?: unknown };
  if (name !== 'AuthError' || typeof code !== 'string' || !code.startsWith('token_')) throw error;
  return code;
}

/** CPU time of this process, so that a busy machine does not count. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** A garbage collection is not the token's fault: three in a row would be (OPS-07). */
async function assertQuick(verify: () => Promise<unknown>): Promise<void> {
  for (let time = 0; time < 3; time += 1) {
    const startedAt = cpuMs();
    await verify();
    if (cpuMs() - startedAt <= longestMs) return;
  }
  throw new Error(`a token took more than ${longestMs} ms`);
}

/** Whatever the header says besides, both engines judge the signature alike. */
async function judgeByEngines(token: string, { signer }: Recipe, ring: KeyRing) {
  const jws = parse(token);
  // jose reads the algorithm from the header, and refuses what it does not know there.
  if (jws?.header['alg'] !== signer.alg || 'crit' in jws.header || 'b64' in jws.header) return;
  const { publicKey } = ring[signer.index] ?? ring[0];
  const byNode = verifyWithNode(jws, signer.alg, publicKey);
  if (byNode !== (await verifyWithJose(jws, signer.alg, publicKey))) {
    throw new Error(`the engines do not agree\n${token}`);
  }
  return byNode ? 'good' : 'bad';
}

function parse(token: string) {
  try {
    return parseCompactJws(token);
  } catch {
    return undefined;
  }
}

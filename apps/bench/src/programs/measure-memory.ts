/** Measures memory in a separate process. It needs `--expose-gc`, and prints JSON. */
import { createMemoryRateLimiter } from '@sallyport/rate-limit';
import type { Contestant } from '../contestants/contestant.ts';
import { fastJwt } from '../contestants/fast-jwt.ts';
import { sallyport } from '../contestants/sallyport.ts';
import {
  failuresPerKey,
  limiterKeys,
  type MemoryFigures,
  tokensKept,
} from '../report/memory-figures.ts';
import { bytesRetained } from '../rounds/retained.ts';
import { createIssuer } from '../tokens/issuer.ts';
import { mintToken } from '../tokens/tokens.ts';

const { gc } = globalThis;
if (gc === undefined) throw new Error('memory is measured under --expose-gc');
const collect = (): void => gc({ type: 'major', execution: 'sync' });

const issuer = createIssuer('RS256');
const tokens = Array.from({ length: tokensKept }, () => Buffer.from(mintToken(issuer), 'latin1'));

async function fillCache({ open }: Contestant, count: number): Promise<unknown> {
  const check = await open(issuer, { cachedTokens: tokensKept });
  for (const token of tokens.slice(0, count)) await check(token.toString('latin1'));
  return check;
}

async function fillLimiter(count: number): Promise<unknown> {
  const limiter = createMemoryRateLimiter({
    maximumAttempts: failuresPerKey,
    windowSeconds: 3_600,
    maximumKeys: limiterKeys,
  });
  for (let failure = 0; failure < failuresPerKey; failure += 1) {
    for (let key = 0; key < count; key += 1) {
      await limiter.countFailure(`192.0.2.${key % 256}/${key}`);
    }
  }
  return limiter;
}

async function measure(whole: number, fill: (count: number) => Promise<unknown>): Promise<number> {
  const retained = await bytesRetained(collect, (scale) => fill(scale === 'all' ? whole : 500));
  return retained.bytes;
}

const figures: MemoryFigures = {
  ours: await measure(tokensKept, (count) => fillCache(sallyport, count)),
  fastJwt: await measure(tokensKept, (count) => fillCache(fastJwt, count)),
  limiter: await measure(limiterKeys, fillLimiter),
};
process.stdout.write(JSON.stringify(figures));

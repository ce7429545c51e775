import type { ConfirmationMethod, TokenVerifier } from '@sallyport/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hostileTokens } from './hostile-strings.ts';
import { expectFewQuestions } from './limited-client.ts';
import {
  expectCode,
  expectOutcome,
  explain,
  refusal,
  settle,
  toAuthError,
  verified,
} from './outcomes.ts';
import { contractNowSeconds, contractThumbprint, testContext } from './test-context.ts';
import { faults, type TokenFault, verdicts, withoutBlame } from './token-faults.ts';
import { expectNoTrace, findMutable } from './traces.ts';

/** What a verifier package supplies to be tested. There are no switches to skip a case. */
export interface TokenVerifierFixture {
  /** A verifier whose issuer, keys and audience match {@link tokens}. Called once per test. */
  create(): TokenVerifier | Promise<TokenVerifier>;
  /**
   * What it needs the network for: nothing, which the suite then makes it prove; keys that serve
   * all tokens; or a question about every token. With the same verifier while that is unreachable.
   */
  readonly upstream:
    | 'none'
    | {
        readonly kind: 'keys' | 'every token';
        readonly createWithOutage: () => TokenVerifier | Promise<TokenVerifier>;
      };
  /**
   * One token per case, with times relative to {@link contractNowSeconds}. The one that is
   * `senderConstrained` is valid, and bound by `jkt` to {@link contractThumbprint}; where tokens
   * cannot be bound, it is an unknown one.
   */
  readonly tokens: Readonly<Record<TokenFault | 'valid', () => Promise<string>>>;
  /** When the valid token ends, in seconds since the epoch. No principal may outlast it. */
  readonly validUntilSeconds: number;
}

/**
 * Registers the contract that every {@link TokenVerifier} keeps. Call it once per verifier, at the
 * top level of a test file.
 *
 * It does not know the token's format: what is special about one (algorithms, headers, an
 * introspection response) needs tests of its own.
 */
export function describeTokenVerifier(fixture: TokenVerifierFixture): void {
  const { tokens, upstream, validUntilSeconds } = fixture;
  const create = () => open(fixture.create());

  describe('TokenVerifier contract', () => {
    it('turns a valid token into a complete principal that nobody can change', async () => {
      const principal = await verified(await create(), await tokens.valid());

      expect(principal).toEqual({
        issuer: expect.stringMatching(/./),
        subject: expect.stringMatching(/./),
        clientId: expect.stringMatching(/./),
        audience: expect.any(Array),
        scopes: expect.any(Set),
        expiresAt: expect.any(Number),
        claims: expect.any(Object),
      });
      expect(principal.audience.length).toBeGreaterThan(0);
      for (const text of [...principal.audience, ...principal.scopes]) {
        expect(text).toEqual(expect.stringMatching(/./));
      }
      expect(findMutable(principal)).toEqual([]);
    });

    it('ends the principal no later than the token', async () => {
      const { expiresAt } = await verified(await create(), await tokens.valid());

      expect(expiresAt).toBeGreaterThan(contractNowSeconds);
      expect(expiresAt).toBeLessThanOrEqual(validUntilSeconds);
    });

    it('gives the same answer twice, whatever became of the scopes of the first', async () => {
      const verifier = await create();
      const token = await tokens.valid();
      const first = await verified(verifier, token);
      const before = [...first.scopes];
      try {
        (first.scopes as Set<string>).add('admin:everything');
      } catch {
        // A set that refuses to be changed is as good as a copy.
      }

      expect([...(await verifier.verify(token, testContext())).scopes]).toEqual(before);
    });

    it('leaves nothing of the token in the principal', async () => {
      const token = await tokens.valid();

      expectNoTrace(await verified(await create(), token), token);
    });

    it.each(faults)('refuses a token that is %s', async (fault) => {
      const token = await tokens[fault]();
      const error = await refusal(await create(), token);

      expectNoTrace(error, token);
      expectCode(error, verdicts[fault], token);
    });

    it('lets a bound token through only to who asks for its proof, and tells of the binding', async () => {
      const verifier = await create();
      const token = await tokens.senderConstrained();
      const ask = (confirmationMethods: ReadonlySet<ConfirmationMethod>) =>
        testContext({ confirmationMethods });
      const told = await verifier.verify(token, ask(new Set(['jkt']))).then(
        ({ confirmation }) => confirmation,
        (reason: unknown) => toAuthError(reason).code,
      );

      // Those who know of no bindings refuse it here as well.
      expect([{ method: 'jkt', thumbprint: contractThumbprint }, 'token_inactive']).toContainEqual(
        told,
      );
      expect(findMutable(told)).toEqual([]);
      // What is remembered of it now is of no use to others.
      for (const context of [testContext(), ask(new Set()), ask(new Set(['x5t#S256']))]) {
        await expectOutcome(verifier, token, verdicts.senderConstrained, context);
      }
    });

    it.each(hostileTokens)('refuses %s as a token, in an orderly way', async (_name, token) => {
      const error = await refusal(await create(), token);

      expectNoTrace(error, token);
      expect(error.code, explain(error, token)).toMatch(/^token_/);
    });

    it('judges time by the context, not by the clock of the host', async () => {
      const later = testContext({ nowSeconds: validUntilSeconds + 3_600 });
      const token = await tokens.valid();
      const error = await refusal(await create(), token, later);

      expectCode(error, verdicts.expired, token);
    });

    it('does not blame the token when nobody waits for the answer any more', async () => {
      const context = testContext({ signal: AbortSignal.abort() });

      await expectOutcome(await create(), await tokens.valid(), withoutBlame, context);
    });

    it('keeps concurrent verifications apart', async () => {
      const verifier = await create();
      const one = ['valid', 'tampered', 'garbage'] as const;
      const cases = Array.from({ length: 10 }, () => one).flat();
      const given = await Promise.all(cases.map((name) => tokens[name]()));
      const outcomes = await Promise.all(given.map((token) => settle(verifier, token)));

      expect(outcomes.map((outcome) => outcome === 'verified')).toEqual(
        cases.map((name) => name === 'valid'),
      );
    });

    if (upstream === 'none') {
      it('needs no network and nobody who waits', async () => {
        const context = testContext({ allowRemote: false, signal: AbortSignal.abort() });

        await verified(await create(), await tokens.valid(), context);
      });
    } else {
      it('does not blame the token for an outage', async () => {
        const token = await tokens.valid();
        const error = await refusal(await open(upstream.createWithOutage()), token);

        expectNoTrace(error, token);
        expectCode(error, ['upstream_unavailable'], token);
      });

      if (upstream.kind === 'keys') {
        it('answers verified or upstream_unavailable when it may ask nobody about the token', async () => {
          const verifier = await open(upstream.createWithOutage());
          const context = testContext({ allowRemote: false });
          // Without a fetch of keys, bad tokens would cause refusals of good tokens from the same address.
          await expectOutcome(verifier, await tokens.valid(), withoutBlame, context);
        });
      } else {
        it('asks about a few tokens of a client over its limit, and answers rate_limited to the others', async () => {
          await expectFewQuestions(await open(upstream.createWithOutage()), await tokens.valid());
        });
      }
    }

    it('is right about what it remembers, where it says anything', async () => {
      const verifier = await create();
      const token = await tokens.valid();
      const read = () => verifier.readings?.() ?? { cacheHits: 0, cacheMisses: 0, cachedTokens: 0 };
      const before = read();
      await verifier.verify(token, testContext());
      const once = read();
      await verifier.verify(token, testContext());
      const twice = read();

      expect(before).toEqual({ cacheHits: 0, cacheMisses: 0, cachedTokens: 0 });
      expect(once.cacheHits).toBe(0);
      expect(once.cachedTokens).toBeLessThanOrEqual(once.cacheMisses);
      // What is not remembered is looked up in vain once more; what is, is found.
      expect(twice.cacheHits + twice.cacheMisses).toBe(2 * once.cacheMisses);
      expect(twice.cachedTokens).toBe(once.cachedTokens);
      expect(twice.cacheHits > 0).toBe(twice.cachedTokens > 0);
    });

    it('has a constant name', async () => {
      const verifier = await create();
      const { name } = verifier;
      await verifier.verify(await tokens.valid(), testContext());

      expect(name).toMatch(/^[a-z][a-z0-9-]*$/);
      expect([verifier.name, (await create()).name]).toEqual([name, name]);
    });

    it('closes, used or not', async () => {
      const [used, unused] = await Promise.all([fixture.create(), fixture.create()]);
      await used.verify(await tokens.valid(), testContext());

      await expect(Promise.all([used.close?.(), unused.close?.()])).resolves.toBeDefined();
    });
  });
}

async function open(creation: TokenVerifier | Promise<TokenVerifier>): Promise<TokenVerifier> {
  const verifier = await creation;
  onTestFinished(() => verifier.close?.());
  return verifier;
}

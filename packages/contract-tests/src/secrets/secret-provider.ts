import type { SecretContext, SecretLookup, SecretProvider } from '@sallyport/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hostileSecretNames } from '../hostile-strings.ts';
import { toAuthError } from '../outcomes.ts';
import { expectNoTrace } from '../traces.ts';

/** What a secret backend supplies to be tested. There are no switches to skip a case. */
export interface SecretProviderFixture {
  /** A provider that holds {@link present} and lacks {@link absentName}. Called once per test. */
  create(): SecretProvider | Promise<SecretProvider>;
  /**
   * The same provider with its backend unreachable. `'has no upstream'` for a provider that never
   * needs one; the suite then makes it prove that.
   */
  readonly createWithOutage: (() => SecretProvider | Promise<SecretProvider>) | 'has no upstream';
  /** A secret that is there. Its value has at least 16 characters, so that traces can be found. */
  readonly present: { readonly name: string; readonly value: string };
  /** A name that the backend allows and does not have. */
  readonly absentName: string;
}

/**
 * Registers the contract that every {@link SecretProvider} keeps. Call it once per backend, at the
 * top level of a test file.
 *
 * It does not know how a backend stores, caches or rotates: that needs tests of its own.
 */
export function describeSecretProvider(fixture: SecretProviderFixture): void {
  const { createWithOutage, present, absentName } = fixture;
  const create = () => open(fixture.create());

  describe('SecretProvider contract', () => {
    it('is tried with a value that is long enough to be searched for', () => {
      expect(present.value.length).toBeGreaterThanOrEqual(16);
    });

    it('finds a secret, byte for byte, and says which one it read', async () => {
      const lookup = await found(await create(), present.name);

      expect(lookup.secret.reveal()).toBe(present.value);
      expect(lookup.version).toEqual(expect.stringMatching(/./));
    });

    it('says so when there is no such secret', async () => {
      const lookup = await (await create()).get(absentName, waiting());

      expect(lookup).toEqual({ found: false });
    });

    it('shows nothing of the value in what it returns (SEC-19)', async () => {
      const lookup = await found(await create(), present.name);

      expectNoTrace(lookup, present.value);
      expectNoTrace(lookup.version, present.value);
      expect(`${lookup.secret} ${String(lookup.secret)}`).not.toContain(present.value);
    });

    it('gives 20 readers at once the same answer', async () => {
      const provider = await create();
      const names = Array.from({ length: 10 }, () => [present.name, absentName]).flat();
      const lookups = await Promise.all(names.map((name) => provider.get(name, waiting())));

      expect(lookups.map(revealed)).toEqual(
        names.map((name) => (name === present.name ? present.value : undefined)),
      );
    });

    it.each(hostileSecretNames)('finds nothing under %s (SEC-18)', async (_name, hostile) => {
      const outcome = await (await create()).get(hostile, waiting()).then(
        ({ found: wasFound }) => (wasFound ? 'found' : 'not found'),
        ({ name }) => name,
      );

      expect(['not found', 'ConfigError']).toContain(outcome);
    });

    it('takes an abort for nobody waiting, not for an answer', async () => {
      const lookup = (await create()).get(present.name, { signal: AbortSignal.abort() });
      const outcome = await lookup.then(revealed, (reason) => toAuthError(reason).code);

      expect([present.value, 'upstream_unavailable']).toContain(outcome);
    });

    if (createWithOutage === 'has no upstream') {
      it('needs nobody who waits', async () => {
        const lookup = await (await create()).get(present.name, { signal: AbortSignal.abort() });

        expect(revealed(lookup)).toBe(present.value);
      });
    } else {
      it.each([
        ['is there', present.name],
        ['is not there', absentName],
      ])('does not call an outage an absence: a secret that %s (SEC-04)', async (_case, name) => {
        const provider = await open(createWithOutage());
        const error = await provider.get(name, waiting()).then(
          () => expect.fail('the provider answered without its backend'),
          (reason: unknown) => toAuthError(reason),
        );

        expect(error.code).toBe('upstream_unavailable');
        expect(error.detail).toEqual(expect.stringMatching(/./));
        expectNoTrace(error, present.value);
      });

      it('gives up within 5 seconds when nobody waits any more (SEC-16)', async () => {
        const provider = await open(createWithOutage());
        const controller = new AbortController();
        const lookup = provider.get(present.name, { signal: controller.signal });
        const refused = expect(lookup).rejects.toMatchObject({ code: 'upstream_unavailable' });
        controller.abort();

        await refused;
      }, 5_000);
    }

    it('has a constant name', async () => {
      const [provider, another] = [await create(), await create()];
      const { name } = provider;
      await provider.get(present.name, waiting());

      expect(name).toMatch(/^[a-z][a-z0-9_-]*$/);
      expect([provider.name, another.name]).toEqual([name, name]);
    });

    it('closes, used or not', async () => {
      const [used, unused] = await Promise.all([fixture.create(), fixture.create()]);
      await used.get(present.name, waiting());

      await expect(Promise.all([used.close?.(), unused.close?.()])).resolves.toBeDefined();
    });
  });
}

async function open(creation: SecretProvider | Promise<SecretProvider>): Promise<SecretProvider> {
  const provider = await creation;
  onTestFinished(() => provider.close?.());
  return provider;
}

function waiting(): SecretContext {
  return { signal: new AbortController().signal };
}

async function found(
  provider: SecretProvider,
  name: string,
): Promise<Extract<SecretLookup, { found: true }>> {
  const lookup = await provider.get(name, waiting());
  return lookup.found ? lookup : expect.fail('the provider did not find the secret');
}

function revealed(lookup: SecretLookup): string | undefined {
  return lookup.found ? lookup.secret.reveal() : undefined;
}

/** What operators do to API keys, and what happens to their file. */
import fc from 'fast-check';
import { type Facts, type KeyStoreName, keyStoreNames } from './facts.ts';
import { keyFileFaults } from './key-stores.ts';
import { small } from './operations.ts';
import { createApiKey } from './run.ts';
import { step } from './step.ts';

export const keyFileSteps = [
  fc.constantFrom(...keyFileFaults).map((fault) =>
    step(
      `the file of API keys: ${fault}`,
      async ({ keyFile }, { keyStores }) => {
        keyFile.isWell = false;
        await keyStores.fault(fault);
      },
      ({ keyFile }) => keyFile.isWell,
    ),
  ),
  fc.constant(
    step(
      'the file of API keys: well',
      async (facts, { keyStores }) => {
        await keyStores.restore();
        facts.keyFile = { isWell: true, wellSince: facts.now };
      },
      ({ keyFile }) => !keyFile.isWell,
    ),
  ),
];

const longestKeys = 4;

/** Operators reach Redis directly, and a file only where it is. */
const isWritable = ({ keyFile }: Readonly<Facts>, store: KeyStoreName | undefined): boolean =>
  store === 'redis' || (store === 'file' && keyFile.isWell);

const keyAt = ({ apiKeys }: Readonly<Facts>, index: number) => [...apiKeys.keys.values()][index];

export const apiKeySteps = [
  fc.constantFrom(...keyStoreNames).map((store) =>
    step(
      `create an API key in the ${store}`,
      (facts, run) => createApiKey(facts, run, store),
      (facts) => facts.apiKeys.keys.size < longestKeys && isWritable(facts, store),
    ),
  ),
  small.map((index) =>
    step(
      `revoke API key ${index}`,
      async (facts, run) => {
        const [id = '', key] = [...facts.apiKeys.keys][index] ?? [];
        if (key === undefined) return;
        await run.registry(facts.apiKeys.secret, key.store).revoke(id);
        key.revokedAt ??= facts.now;
      },
      (facts) => isWritable(facts, keyAt(facts, index)?.store),
    ),
  ),
  small.map((index) =>
    step(
      `a backup without the revocation of API key ${index} is restored`,
      async (facts, { keyStores }) => {
        const [id = '', key] = [...facts.apiKeys.keys][index] ?? [];
        if (key === undefined) return;
        await keyStores.forgetRevocation(key.store, id);
        delete key.revokedAt;
        key.wasForgotten = true;
      },
      (facts) =>
        keyAt(facts, index)?.revokedAt !== undefined &&
        isWritable(facts, keyAt(facts, index)?.store),
    ),
  ),
];

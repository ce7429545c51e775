/** A process of its own, to see whether it ends. */
import { createCachedSecrets } from '@sallyport/cached-secrets';
import { runSecretProcess } from '@sallyport/contract-tests/secret-process';
import { canary, hangUntilAborted } from './memory-store.ts';

// The store is in this process. As the contract asks, it does not answer the first reading.
let readings = 0;

await runSecretProcess(() =>
  createCachedSecrets({
    name: 'memory',
    canonicalName: (name) => name,
    async read(_name, signal) {
      readings += 1;
      if (readings === 1) return hangUntilAborted(signal);
      return { value: canary, version: '1' };
    },
    cacheTtlSeconds: 1,
    timeoutSeconds: 60,
  }),
);

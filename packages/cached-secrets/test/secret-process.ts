/** A process of its own, to see whether it ends. */
import { createCachedSecrets } from '@sallyport/cached-secrets';
import { runSecretProcess } from '@sallyport/contract-tests/secret-process';

// The store is in this process. As the contract asks, it does not answer the first reading.
let readings = 0;

await runSecretProcess(() =>
  createCachedSecrets({
    name: 'memory',
    canonicalName: (name) => name,
    async read(_name, signal) {
      readings += 1;
      if (readings === 1) return hangUntilAborted(signal);
      return { value: 'kX3vQ9mZrT7bW2pLdF5hJ8nC', version: '1' };
    },
    cacheTtlSeconds: 1,
    timeoutSeconds: 60,
  }),
);

/** A socket would keep the process alive as this timer does. */
function hangUntilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const socket = setTimeout(() => {}, 60_000);
    signal.addEventListener('abort', () => {
      clearTimeout(socket);
      reject(signal.reason);
    });
  });
}

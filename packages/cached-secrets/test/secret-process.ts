/** A process of its own, to see whether it ends. */
import { createCachedSecrets } from '@sallyport/cached-secrets';
import { runSecretProcess } from '@sallyport/contract-tests/secret-process';

await runSecretProcess((behaviour) =>
  createCachedSecrets({
    name: 'memory',
    canonicalName: (name) => name,
    async read(_name, signal) {
      if (behaviour !== 'hangs') return { value: 'kX3vQ9mZrT7bW2pLdF5hJ8nC', version: '1' };
      return new Promise((_resolve, reject) => {
        // A socket would keep the process alive as this timer does.
        const socket = setTimeout(() => {}, 60_000);
        signal.addEventListener('abort', () => {
          clearTimeout(socket);
          reject(signal.reason);
        });
      });
    },
    cacheTtlSeconds: 1,
    timeoutMs: 60_000,
  }),
);

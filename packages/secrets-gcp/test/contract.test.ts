import { describeRotatingSecretProvider, describeSecretProvider } from '@sallyport/contract-tests';
import { describe } from 'vitest';
import { canary, setUp } from './set-up.ts';

describe('a client of its own', () => {
  describeSecretProvider({
    create: async () => (await setUp()).provider,
    createWithOutage: async () => {
      const { provider, server } = await setUp();
      await server.pause();
      return provider;
    },
    present: { name: 'key', value: canary },
    absentName: 'another-key',
  });
});

describe('a pinned version', () => {
  describeSecretProvider({
    create: async () => {
      const { provider, server } = await setUp();
      server.addVersion('key', 'the next one');
      return provider;
    },
    createWithOutage: async () => {
      const { provider, server } = await setUp({ timeoutSeconds: 0.6 });
      server.fault({ kind: 'hang' });
      return provider;
    },
    present: { name: 'key@1', value: canary },
    absentName: 'key@7',
  });
});

describeRotatingSecretProvider({
  create: async (options) => {
    const { provider, server } = await setUp(options);
    return {
      provider,
      put: (value) => server.addVersion('key', value),
      fail: () => server.fault({ kind: 'status', status: 'FAILED_PRECONDITION' }),
      hang: (times) => server.fault({ kind: 'hang' }, times === undefined ? {} : { times }),
      restore: () => server.clearFaults(),
      readings: () => server.accesses('key'),
      processArguments: () => [String(server.port)],
    };
  },
  present: { name: 'key', value: canary },
  processScript: new URL('./secret-process.ts', import.meta.url),
});

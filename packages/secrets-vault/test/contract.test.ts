import { describeRotatingSecretProvider, describeSecretProvider } from '@sallyport/contract-tests';
import { describe } from 'vitest';
import { canary, dataPath, setUp, setUpPod } from './set-up.ts';

describe('a token of its own', () => {
  describeSecretProvider({
    create: async () => (await setUp()).provider,
    createWithOutage: async () => {
      const { provider, server } = await setUp();
      await server.pause();
      return provider;
    },
    present: { name: 'app', value: canary },
    absentName: 'another',
  });
});

describe('a pinned version, after a login', () => {
  describeSecretProvider({
    create: async () => {
      const { provider, server } = await setUpPod();
      server.put('app', { value: 'the next one' });
      return provider;
    },
    createWithOutage: async () => {
      const { provider, server } = await setUpPod();
      server.seal();
      return provider;
    },
    present: { name: 'app#value@1', value: canary },
    absentName: 'app@7',
  });
});

describeRotatingSecretProvider({
  create: async (options) => {
    const { provider, server } = await setUp(options);
    const headers = { 'Content-Type': 'application/json' };
    return {
      provider,
      put: (value) => server.put('app', { value }),
      fail: () => server.fault({ kind: 'status', status: 400, headers }),
      hang: (times) => server.fault({ kind: 'hang' }, times === undefined ? {} : { times }),
      restore: () => server.clearFaults(),
      readings: () => server.hits(dataPath),
      processArguments: () => [server.url, server.rootToken],
    };
  },
  present: { name: 'app', value: canary },
  processScript: new URL('./secret-process.ts', import.meta.url),
});

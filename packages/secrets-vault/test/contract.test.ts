import { describeSecretProvider } from '@sallyport/contract-tests';
import { describe } from 'vitest';
import { canary, setUp, setUpPod } from './set-up.ts';

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

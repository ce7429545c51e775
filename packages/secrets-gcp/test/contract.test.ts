import { describeSecretProvider } from '@sallyport/contract-tests';
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
      const { provider, server } = await setUp({ timeoutMs: 600 });
      server.fault({ kind: 'hang' });
      return provider;
    },
    present: { name: 'key@1', value: canary },
    absentName: 'key@7',
  });
});

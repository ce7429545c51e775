import { describeRotatingSecretProvider, describeSecretProvider } from '@sallyport/contract-tests';
import { canary, setUp } from './set-up.ts';

describeSecretProvider({
  create: async () => (await setUp()).provider,
  createWithOutage: async () => {
    const { provider, store } = await setUp();
    store.fail();
    return provider;
  },
  present: { name: 'key', value: canary },
  absentName: 'another-key',
});

describeRotatingSecretProvider({
  create: async (options) => {
    const { provider, store } = await setUp(options);
    return { provider, ...store };
  },
  present: { name: 'key', value: canary },
  processScript: new URL('./secret-process.ts', import.meta.url),
});

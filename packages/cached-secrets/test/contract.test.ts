import { describeRotatingSecretProvider, describeSecretProvider } from '@sallyport/contract-tests';
import { canary, createMemoryStore, openStore } from './memory-store.ts';

describeSecretProvider({
  create: () => openStore(createMemoryStore()),
  createWithOutage: () => openStore(createMemoryStore('fails')),
  present: { name: 'key', value: canary },
  absentName: 'another-key',
});

describeRotatingSecretProvider({
  create(options) {
    const { read, ...store } = createMemoryStore();
    return {
      ...store,
      provider: openStore({ read }, options),
      fail: () => store.fail(),
      processArguments: () => [],
    };
  },
  present: { name: 'key', value: canary },
  processScript: new URL('./secret-process.ts', import.meta.url),
});

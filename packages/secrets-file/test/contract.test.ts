import { describeSecretProvider } from '@sallyport/contract-tests';
import { createFileSecrets } from '../src/index.ts';
import { canary, mount } from './set-up.ts';

const directory = await mount({ 'jwt-issuer/latest': canary }, true);

describeSecretProvider({
  create: () => createFileSecrets({ directory }),
  // Files are at hand: what can go wrong with them has tests of its own.
  createWithOutage: 'has no upstream',
  present: { name: 'jwt-issuer/latest', value: canary },
  absentName: 'not-there',
});

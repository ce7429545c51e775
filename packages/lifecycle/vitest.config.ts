import { testConfig } from '../../vitest.base.ts';

// Most of its tests are in apps/reference, which runs it as a program.
export default testConfig({ coverage: { thresholds: { branches: 55 } } });

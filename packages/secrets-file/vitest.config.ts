import { testConfig } from '../../vitest.base.ts';

// Errors about permissions do not happen to root, and other systems than Linux have no /proc.
export default testConfig({ coverage: { thresholds: { branches: 91 } } });

import { testConfig } from '../../vitest.base.ts';

// What runs in the browser is not part of the figure.
export default testConfig({ coverage: { thresholds: { branches: 89 } } }, { program: 'chromium' });

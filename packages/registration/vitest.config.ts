import { testConfig } from '../../vitest.base.ts';

// Browsers and identity providers of the nightly tests are not part of the figure.
export default testConfig({ coverage: { thresholds: { branches: 93 } } }, { program: 'chromium' });

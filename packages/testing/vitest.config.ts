import { testConfig } from '../../vitest.base.ts';

// The tests of other packages run most of it, such as the audit and the authorization server.
export default testConfig({ coverage: { thresholds: { branches: 35 } } });

import { testConfig } from '../../vitest.base.ts';

// The nightly tests kill processes and upstreams. They are not part of the figure.
export default testConfig({ coverage: { thresholds: { branches: 88 } } }, { program: 'python3' });

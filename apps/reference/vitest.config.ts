import { testConfig } from '../../vitest.base.ts';
import { initdb } from './test/postgres-programs.ts';

export default testConfig({}, { program: [initdb, 'redis-server'] });

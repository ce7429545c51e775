import { testConfig } from '../../apps/leak-watch/src/test-config.ts';

export default testConfig();

import { defineConfig } from 'vitest/config';
import { leakWatch } from '../../apps/leak-watch/src/plugin.ts';

export default defineConfig({ plugins: [leakWatch()] });

/**
 * For people at their own machine: `pnpm start`. It reads `.env`, and without ENVIRONMENT it is
 * development. The container never comes this way.
 */
import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { run } from './run.ts';

await run({ ENVIRONMENT: 'development', ...readDotEnv(), ...process.env });

function readDotEnv() {
  try {
    return parseEnv(readFileSync('.env', 'utf8'));
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return {};
    throw error;
  }
}

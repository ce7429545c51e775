/**
 * For people at their own machine: `pnpm start`. It reads `.env`, and without ENVIRONMENT it is
 * development. The container never comes this way.
 */
import { readFileSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { parseEnv } from 'node:util';

// A second start then need not compile everything anew. Hence the late import.
enableCompileCache();
const { run } = await import('./run.ts');

await run({ ENVIRONMENT: 'development', ...readDotEnv(), ...process.env });

function readDotEnv() {
  try {
    return parseEnv(readFileSync('.env', 'utf8'));
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return {};
    throw error;
  }
}

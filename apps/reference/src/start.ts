/**
 * For people at their own machine: `pnpm start`. It reads `.env`, and without ENVIRONMENT it is
 * development. The container never comes this way.
 */
import { readFileSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { parseEnv } from 'node:util';
import { listenForStopSignals } from '@sallyport/lifecycle/stop-signals';
import { refuseOldNode } from './process/old-node.ts';

const signals = listenForStopSignals();
await refuseOldNode((problem) => `The server did not start.\n  ${problem}`);

// A second start then need not compile everything anew. Hence the late import.
nodeModule.enableCompileCache();
const [{ run }, { openLiveView }] = await Promise.all([
  import('./process/run.ts'),
  import('./development/live-view.ts'),
]);

const envFile = '.env';
const fileVariables = readDotEnv();
await run(
  {
    variables: {
      ...(fileVariables['ENVIRONMENT'] === undefined && { ENVIRONMENT: 'development' }),
      ...process.env,
    },
    envFile,
    fileVariables,
    openLiveView,
  },
  signals,
);

function readDotEnv(): Readonly<Record<string, string | undefined>> {
  try {
    return parseEnv(readFileSync(envFile, 'utf8'));
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return {};
    throw error;
  }
}

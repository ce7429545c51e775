/** The container's entry point: without ENVIRONMENT it is production. */
import { listenForStopSignals } from '@sallyport/lifecycle/stop-signals';
import { refuseOldNode } from './process/old-node.ts';

const signals = listenForStopSignals();
await refuseOldNode((problem) =>
  JSON.stringify({
    severity: 'ERROR',
    time: new Date().toISOString(),
    event: 'start_failed',
    problem,
    message: `The server did not start. ${problem}`,
  }),
);
// Late, so that signals are received while the modules are loaded.
const { run } = await import('./process/run.ts');

await run({ variables: process.env }, signals);

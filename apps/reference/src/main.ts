/** The container's entry point: without ENVIRONMENT it is production. */
import { listenForStopSignals } from './stop-signals.ts';

const signals = listenForStopSignals();
// Late, so that signals are received while the modules are loaded.
const { run } = await import('./run.ts');

await run({ variables: process.env }, signals);

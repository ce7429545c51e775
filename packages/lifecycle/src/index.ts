export type { EventLogOptions, ListeningServer } from './event-log.ts';
export { createEventLog } from './event-log.ts';
export type { Health, Lifecycle, LifecycleOptions, LifecycleState } from './lifecycle.ts';
export { createLifecycle } from './lifecycle.ts';
export type { Program, ProgramLog, RunningServer } from './run-program.ts';
export { runProgram } from './run-program.ts';
export type { FailedStart, StartProblem } from './start-problems.ts';
export { explainFailedStart } from './start-problems.ts';
export type { StopSignals } from './stop-signals.ts';

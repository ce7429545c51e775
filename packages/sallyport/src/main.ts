#!/usr/bin/env node
/** The program `sallyport`. */
import * as nodeModule from 'node:module';
import { homedir } from 'node:os';
import {
  closedOutputCode,
  listenForStopSignals,
  onClosedOutput,
} from '@sallyport/lifecycle/stop-signals';
import { hideSecrets } from './terminal/hide-secrets.ts';

const words = process.argv.slice(2);
const isServer = words[0] === 'dev' || words[0] === 'run';
// Before anything else is loaded: the first process of a container would ignore SIGTERM until then.
const stopSignals = isServer ? listenForStopSignals() : undefined;
if (!isServer) onClosedOutput(() => process.exit(closedOutputCode));

try {
  // Throws one sentence where Node is too old. What follows needs functions that an old Node does not have.
  await import('@sallyport/core');
  // A second call then need not compile everything anew. A server in production keeps away from shared folders.
  if (words[0] !== 'run') nodeModule.enableCompileCache();
  const { runCommandLine } = await import('./command-line.ts');
  process.exitCode = await runCommandLine({
    words,
    variables: process.env,
    input: process.stdin,
    output: process.stdout,
    errors: process.stderr,
    folder: process.cwd(),
    // A user without an entry in /etc/passwd, as in containers, has none. Only `install` needs it.
    get home() {
      return homedir();
    },
    now: Date.now,
    monotonicNow: () => performance.now(),
    signal: new AbortController().signal,
    ...(stopSignals !== undefined && { stopSignals }),
  });
} catch (error) {
  process.stderr.write(
    `${hideSecrets(error instanceof Error ? error.message : 'unknown problem')}\n`,
  );
  process.exitCode = 78;
}

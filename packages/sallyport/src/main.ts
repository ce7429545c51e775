#!/usr/bin/env node
/** The program `sallyport`. */
import { homedir } from 'node:os';
import { runCommandLine } from './command-line.ts';

const ending = new AbortController();

process.exitCode = await runCommandLine({
  words: process.argv.slice(2),
  variables: process.env,
  input: process.stdin,
  output: process.stdout,
  errors: process.stderr,
  folder: process.cwd(),
  home: homedir(),
  now: Date.now,
  monotonicNow: () => performance.now(),
  signal: ending.signal,
});

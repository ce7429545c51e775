/** Runs before each test file, by {@link leakWatch}: whatever the file puts out is looked through. */
import { afterAll, afterEach, expect } from 'vitest';
import { isDeclared } from './declared.ts';
import { watchPlatform, watchSigning } from './node-output.ts';
import type { Observed } from './observed.ts';
import { createObservers } from './observers.ts';
import { createWatch } from './watch.ts';

const watch = createWatch({
  isDeclared: (piece, output) => isDeclared(piece, output, expect.getState().testPath ?? ''),
});
const observers = createObservers(watch);
watchPlatform(watch);

Reflect.set(
  globalThis,
  Symbol.for('@sallyport/leak-watch'),
  // biome-ignore lint/complexity/noBannedTypes: whatever can be called, without a word of its type
  (name: Observed | 'jose', original: Function) =>
    name === 'jose' ? watchSigning(original, watch) : observers[name](original),
);

afterEach(expectNoLeak);
afterAll(expectNoLeak);

function expectNoLeak(): void {
  const problems = watch.takeFindings().map(({ output, problem }) => `${output} ${problem}`);
  if (problems.length === 0) return;
  throw new Error(`Tokens and secrets stay out of sight (OPS-05):\n${problems.join('\n')}`);
}

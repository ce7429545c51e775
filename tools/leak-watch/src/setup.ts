/** Runs before each test file, for {@link leakWatch}, and searches all output of the file. */
import { afterAll, afterEach, expect } from 'vitest';
import { isDeclared } from './declared.ts';
import { watchConsole, watchPlatform, watchSigning } from './node-output.ts';
import type { Observed } from './observed.ts';
import { createObservers } from './observers.ts';
import { createWatch, type Watch } from './watch.ts';

/** Test files of one worker share the packages' modules, and so they share the watch. */
interface Installed {
  readonly watch: Watch;
  testFile: string;
}

const installedKey = Symbol.for('@sallyport/leak-watch/installed');
const installed = (Reflect.get(globalThis, installedKey) as Installed | undefined) ?? install();
const { watch } = installed;
installed.testFile = expect.getState().testPath ?? '';
// The test runner gives each file its own console.
watchConsole(watch);

function install(): Installed {
  const made: Installed = {
    watch: createWatch({
      isDeclared: (piece, output) => isDeclared(piece, output, made.testFile),
    }),
    testFile: '',
  };
  const observers = createObservers(made.watch);
  watchPlatform(made.watch);
  Reflect.set(
    globalThis,
    Symbol.for('@sallyport/leak-watch'),
    // biome-ignore lint/complexity/noBannedTypes: whatever can be called, without a word of its type
    (name: Observed | 'jose', original: Function) =>
      name === 'jose' ? watchSigning(original, made.watch) : observers[name](original),
  );
  Reflect.set(globalThis, installedKey, made);
  return made;
}

afterEach(expectNoLeak);
afterAll(() => {
  try {
    expectNoLeak();
  } finally {
    // The indices have a size, which is meant for one file.
    watch.forget();
  }
});

function expectNoLeak(): void {
  const problems = watch.takeFindings().map(({ output, problem }) => `${output} ${problem}`);
  if (problems.length === 0) return;
  throw new Error(`Tokens and secrets stay out of sight (OPS-05):\n${problems.join('\n')}`);
}

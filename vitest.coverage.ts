/**
 * Vitest's coverage of V8, and what Node measured in the processes that tests start. Vitest 5.1 merges the two by
 * offsets. But a process runs the source as it is, and Vitest a transformed one, so their offsets differ.
 */
import { mergeScriptCovs, type ScriptCov } from '@bcoe/v8-coverage';
import v8 from '@vitest/coverage-v8';
import type { V8CoverageProvider } from '@vitest/coverage-v8/dist/provider.js';

interface Script extends ScriptCov {
  /** Whether it ran in another process. */
  readonly isExtendedContext?: boolean;
}

interface Callbacks {
  onFileRead(coverage: { result: readonly Script[] }): void;
  onFinished(project: unknown, environment: string): Promise<void>;
}

type Counts = Readonly<Record<string, number | number[]>>;

/** How often a file ran, by the number of each statement, function and branch. */
interface FileCounts {
  readonly s: Counts;
  readonly f: Counts;
  readonly b: Counts;
}

interface Files {
  files(): readonly string[];
  fileCoverageFor(file: string): { readonly data: FileCounts };
}

/** What this file uses of Vitest's class, some of it private. */
interface Provider {
  readCoverageFiles(callbacks: Callbacks): Promise<void>;
  convertCoverage(coverage: object, project: unknown, environment: string): Promise<Files>;
  generateCoverage(context: unknown): Promise<Files>;
}

export default {
  ...v8,
  async getProvider(): Promise<V8CoverageProvider> {
    const provider = await v8.getProvider();
    return addProcesses(provider as unknown as Provider) as unknown as V8CoverageProvider;
  },
};

function addProcesses(provider: Provider): Provider {
  const read = provider.readCoverageFiles.bind(provider);
  const generate = provider.generateCoverage.bind(provider);
  const converted: Files[] = [];
  return Object.assign(provider, {
    async readCoverageFiles(callbacks: Callbacks): Promise<void> {
      const scripts = new Map<string, Script>();
      await read({
        ...callbacks,
        onFileRead({ result }) {
          callbacks.onFileRead({ result: result.filter((script) => !script.isExtendedContext) });
          for (const script of result.filter(({ isExtendedContext }) => isExtendedContext)) {
            const before = scripts.get(script.url);
            const merged = mergeScriptCovs(before ? [before, script] : [script]);
            if (merged) scripts.set(script.url, { ...merged, isExtendedContext: true });
          }
        },
        async onFinished(project, environment) {
          await callbacks.onFinished(project, environment);
          const result = [...scripts.values()].map((script) => ({ ...script, startOffset: 0 }));
          converted.push(await provider.convertCoverage({ result }, project, environment));
          scripts.clear();
        },
      });
    },
    async generateCoverage(context: unknown): Promise<Files> {
      converted.length = 0;
      const files = await generate(context);
      for (const more of converted) addCounts(files, more);
      return files;
    },
  });
}

/** Both have the branches of one source in one order, so the numbers of branches are the same. */
function addCounts(files: Files, more: Files): void {
  for (const file of more.files().filter((name) => files.files().includes(name))) {
    const [to, from] = [files.fileCoverageFor(file).data, more.fileCoverageFor(file).data];
    for (const kind of ['s', 'f', 'b'] as const) {
      if (Object.keys(to[kind]).length !== Object.keys(from[kind]).length) continue;
      Object.assign(to[kind], sum(to[kind], from[kind]));
    }
  }
}

function sum(to: Counts, from: Counts): Counts {
  return Object.fromEntries(
    Object.entries(to).map(([key, count]) => {
      const other = from[key] ?? 0;
      return [
        key,
        Array.isArray(count)
          ? count.map((each, index) => each + (Array.isArray(other) ? (other[index] ?? 0) : 0))
          : count + (Array.isArray(other) ? 0 : other),
      ];
    }),
  );
}

/** Stops an unsupported version of Node with one sentence, before anything else runs. */

/** What is known about the platform. */
export interface Runtime {
  readonly process?: { readonly versions?: Readonly<Record<string, string | undefined>> };
  readonly navigator?: { readonly userAgent?: string };
}

const oldestMajor = 22;
const oldestMinor = 12;

/**
 * Describes a Node that is too old. Deno, Bun and Workers emulate `process.versions.node`, so what
 * they say about it does not count.
 *
 * @returns One sentence, or `undefined` when nothing is wrong.
 */
export function describeOldNode({ process, navigator }: Runtime): string | undefined {
  const { node, deno, bun } = process?.versions ?? {};
  const agent = navigator?.userAgent ?? 'Node.js';
  if (node === undefined || deno !== undefined || bun !== undefined) return undefined;
  if (!agent.startsWith('Node.js')) return undefined;
  const [major, minor] = node.split('.').map(Number) as [number, number];
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return undefined;
  return `Sallyport needs Node ${oldestMajor}.${oldestMinor} or later; this is ${node}.`;
}

const problem = describeOldNode(globalThis as Runtime);
/* v8 ignore next -- @preserve: the tests run on a Node that is new enough. */
if (problem !== undefined) throw new Error(problem);

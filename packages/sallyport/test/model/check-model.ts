/** Runs random steps against a gate and the model, and says how to run a failed one again. */
import fc from 'fast-check';
import { makeSecrets } from './credentials.ts';
import type { Facts } from './facts.ts';
import { startIntrospectionHost } from './introspection-host.ts';
import { makeSigningKeys, startKeyHost } from './key-host.ts';
import { startRedis } from './redis-behind-proxy.ts';
import { type Counts, type Environment, type Run, startRun } from './run.ts';
import { anyStep } from './steps.ts';

/** How long it runs, and what it runs again. */
export interface ModelOptions {
  readonly seconds: number;
  readonly seed: number;
  readonly path?: string;
  readonly replayPath?: string;
}

export interface ModelReport extends Counts {
  readonly runs: number;
  readonly seed: number;
  /** What went wrong, with the shortest steps that were found and the command that repeats them. */
  readonly failure?: string;
}

const maximumSteps = 120;
/** For finding fewer steps that fail, whatever time is left. */
const shrinkSeconds = 60;

type Variables = Readonly<Record<string, string | undefined>>;

/** `MODEL_SEED`, `MODEL_PATH`, `MODEL_REPLAY` and `MODEL_SECONDS`. */
export function readOptions(
  variables: Variables,
  defaults: { readonly seconds: number },
): ModelOptions {
  const { MODEL_SEED: seed, MODEL_PATH: path, MODEL_REPLAY: replayPath } = variables;
  const { MODEL_SECONDS: seconds } = variables;
  return {
    ...(seconds === undefined ? defaults : { seconds: Number(seconds) }),
    seed: seed === undefined ? Date.now() % 2 ** 31 : Number(seed),
    ...(path !== undefined && { path }),
    ...(replayPath !== undefined && { replayPath }),
  };
}

export async function checkModel(options: ModelOptions): Promise<ModelReport> {
  const signingKeys = makeSigningKeys(5);
  const [keyHost, introspectionHost, redis] = await Promise.all([
    startKeyHost(signingKeys),
    startIntrospectionHost(),
    startRedis(),
  ]);
  const counts: Counts = { requests: 0, late: 0 };
  const services = { keyHost, introspectionHost, redis };
  const environment = { services, signingKeys, secrets: makeSecrets(), counts };
  try {
    const first = await check(environment, options, options.seconds);
    const { counterexamplePath, failed, interrupted } = first;
    const isCut = failed && interrupted && counterexamplePath !== null;
    // The time may have ended while fewer steps were looked for.
    const rest = { ...options, path: counterexamplePath ?? '', replayPath: replayPathOf(first) };
    const again = isCut ? await check(environment, rest, shrinkSeconds).catch(() => first) : first;
    // What went wrong once went wrong, also where it does not come again.
    const details = again.failed && again.counterexample !== null ? again : first;
    const failure =
      details.failed && details.counterexample !== null ? describe(details) : undefined;
    const { seed } = details;
    return { ...counts, runs: first.numRuns, seed, ...(failure !== undefined && { failure }) };
  } finally {
    await Promise.all([keyHost.close(), introspectionHost.close(), redis.stop()]);
  }
}

type Commands = Iterable<fc.AsyncCommand<Facts, Run>>;

async function check(
  environment: Environment,
  { seed, path, replayPath }: ModelOptions,
  seconds: number,
): Promise<fc.RunDetails<[Commands]>> {
  const commands = fc.commands([anyStep], {
    maxCommands: maximumSteps,
    size: 'max',
    ...(replayPath !== undefined && { replayPath }),
  });
  const property = fc.asyncProperty(commands, async (steps) => {
    const run = await startRun(environment);
    try {
      await fc.asyncModelRun(() => run, steps);
    } finally {
      await run.real.close();
    }
  });
  return fc.check(property, {
    seed,
    // As many as there is time for.
    numRuns: Number.MAX_SAFE_INTEGER,
    interruptAfterTimeLimit: seconds * 1_000,
    ...(path !== undefined && { path }),
  });
}

/** Which of the steps ran, without which a path leads to other steps. */
const replayPathOf = ({ counterexample }: fc.RunDetails<[Commands]>): string =>
  /replayPath="([^"]*)"/.exec(`${counterexample?.[0]}`)?.[1] ?? '';

function describe(details: fc.RunDetails<[Commands]>): string {
  const { seed, counterexample, counterexamplePath, errorInstance, numShrinks } = details;
  const steps = `${counterexample?.[0]}`;
  const replayPath = replayPathOf(details);
  const list = steps
    .replace(/\s*\/\*.*\*\/\s*$/s, '')
    .split(',')
    .join('\n  ');
  const message = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  const replay = [
    `MODEL_SEED=${seed}`,
    `MODEL_PATH='${counterexamplePath}'`,
    `MODEL_REPLAY='${replayPath}'`,
    'npx --yes pnpm@12 --dir packages/sallyport exec vitest run test/model',
  ].join(' ');
  return `${message}\n\nafter these steps (shortened ${numShrinks} times):\n  ${list}\n\nRun them again:\n${replay}`;
}

/** The limits that the options of a quota describe. */
import { type CallCharge, type Checks, ConfigError, check } from '@sallyport/core';
import { assertInteger, assertRange } from './bounds.ts';
import type { CountedCall } from './counted-calls.ts';

/** How many calls are allowed in a window. */
interface CallLimit {
  /** Calls in any interval of {@link windowSeconds}. An integer from 1 to 100,000. */
  readonly calls: number;
  /** For how long a call counts. From 1 to 86,400 seconds (a day). Default 60. */
  readonly windowSeconds?: number;
}

/** The limits of each caller. At least one is required. */
export interface CallLimits extends Partial<CallLimit> {
  /**
   * Further limits for single tools. A name that ends in `*` is one limit for all tools with that beginning
   * together. An exact name wins, then the longest beginning. At most 100.
   */
  readonly tools?: Readonly<Record<string, CallLimit>>;
}

const toolChecks: Checks<CallLimit> = {
  calls: check.number,
  windowSeconds: check.optional(check.number),
};

/** The checks of {@link CallLimits}. */
export const callLimitChecks: Checks<CallLimits> = {
  calls: check.optional(check.number),
  windowSeconds: check.optional(check.number),
  tools: check.optional(check.recordOf(check.options(toolChecks))),
};

const maximumTools = 100;
/** What the log of a counter can count. */
const maximumCalls = 100_000;

/**
 * Returns what one call takes of each limit.
 *
 * @throws {ConfigError} When there is no limit, or one is out of its range.
 */
export function readCallLimits({ calls, windowSeconds, tools = {} }: CallLimits): CallCharge[] {
  const names = Object.keys(tools);
  if (calls === undefined && (names.length === 0 || windowSeconds !== undefined)) {
    throw new ConfigError('quota.calls', 'is missing: say how many calls a caller may make');
  }
  if (names.length > maximumTools) {
    throw new ConfigError('quota.tools', `must have at most ${maximumTools} entries`);
  }
  const all = calls === undefined ? [] : [readLimit('quota', undefined, { calls, windowSeconds })];
  return [
    ...all,
    ...Object.entries(tools).map(([name, limit]) => readLimit(`quota.tools.${name}`, name, limit)),
  ];
}

function readLimit(
  option: string,
  tool: string | undefined,
  {
    calls,
    windowSeconds = 60,
  }: { readonly [Name in keyof CallLimit]: CallLimit[Name] | undefined },
): CallCharge {
  const maximum = calls ?? Number.NaN;
  assertInteger(`${option}.calls`, maximum, maximumCalls);
  assertRange(`${option}.windowSeconds`, windowSeconds, 86_400);
  return { ...(tool !== undefined && { tool }), calls: 1, maximum, windowSeconds };
}

/** Finds the limits that a call is under. */
export function createLimitSearch(
  limits: readonly CallCharge[],
): (call: CountedCall) => readonly CallCharge[] {
  const all = limits.filter(({ tool }) => tool === undefined);
  const exact = new Map(limits.map((limit) => [limit.tool, limit]));
  const prefixes = limits
    .filter(({ tool }) => tool?.endsWith('*'))
    .map((limit) => [(limit.tool ?? '').slice(0, -1), limit] as const)
    // The longest says most about what is meant.
    .sort(([left], [right]) => right.length - left.length);

  return ({ tool }) => {
    if (tool === undefined) return all;
    const own = exact.get(tool) ?? prefixes.find(([beginning]) => tool.startsWith(beginning))?.[1];
    return own === undefined ? all : [...all, own];
  };
}

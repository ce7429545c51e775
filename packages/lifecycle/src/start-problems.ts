/** Why a server does not start, in words, and whether another start may help. */
import { ConfigError } from '@sallyport/core';

// sysexits.h: the configuration is wrong, so that another start fails, too.
const exitConfig = 78;
const exitFailure = 1;

/** Why the program does not start. */
export interface StartProblem {
  /** The variable to change, if it is one. */
  readonly variable?: string;
  readonly problem: string;
}

/** The result of a failed start. */
export interface FailedStart {
  readonly problems: readonly StartProblem[];
  /**
   * 78 when a setting is wrong: another start with the same settings fails, too. 1 when every problem is
   * temporary, such as a network that is down or a port in use.
   */
  readonly exitCode: number;
}

/** @param error What the start threw. */
export function explainFailedStart(error: unknown): FailedStart {
  const errors: readonly unknown[] = error instanceof AggregateError ? error.errors : [error];
  return {
    problems: errors.map(explain),
    // With one wrong setting no start can succeed, whatever else recovers.
    exitCode: errors.some(isWrongSetting) ? exitConfig : exitFailure,
  };
}

/** A wrong setting, or a port that this user may never open. */
function isWrongSetting(error: unknown): boolean {
  if (error instanceof ConfigError) return true;
  const { code, port } = Object(error) as { code?: unknown; port?: unknown };
  return code === 'EACCES' && port !== undefined;
}

function explain(error: unknown): StartProblem {
  if (error instanceof ConfigError) return { variable: error.option, problem: error.problem };
  const { code, port, detail } = Object(error) as {
    code?: unknown;
    port?: number;
    detail?: unknown;
  };
  if (code === 'EADDRINUSE') {
    return {
      variable: 'PORT',
      problem: `${port} is in use by another program. Set PORT to a free one, such as ${(port ?? 0) + 1}`,
    };
  }
  if (code === 'EACCES' && port !== undefined) {
    return {
      variable: 'PORT',
      problem: `${port} may not be opened by this user. Use one above 1023`,
    };
  }
  if (typeof detail === 'string') return { problem: detail };
  return { problem: error instanceof Error ? error.message : 'unknown problem' };
}

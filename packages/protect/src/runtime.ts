/** Where the program runs. The one place of this package that looks at the process. */
import { detectEnvironment, type Environment } from '@sallyport/core';

/** What the platform's global object may have. */
export interface Platform {
  readonly navigator?: { readonly userAgent?: string };
  readonly process?: { readonly env?: Readonly<Record<string, string | undefined>> };
}

/** A JavaScript runtime, by the name that it gives itself. */
export type Runtime = 'bun' | 'deno' | 'workers' | 'other';

const runtimes: ReadonlyMap<string, Runtime> = new Map([
  ['Bun', 'bun'],
  ['Deno', 'deno'],
  ['Cloudflare-Workers', 'workers'],
]);

/** Recognises the runtimes that tell the client's address in a way of their own. */
export function readRuntime({ navigator }: Platform = globalThis): Runtime {
  const [name = ''] = navigator?.userAgent?.split('/', 1) ?? [];
  return runtimes.get(name) ?? 'other';
}

/**
 * Detects the environment from the variables of the process.
 *
 * Where there are no variables, or Deno may not read them, it is production: development must be said.
 *
 * @throws {ConfigError} When `ENVIRONMENT` is another word than production, development and test.
 */
export function readEnvironment({ process }: Platform = globalThis): Environment {
  return detectEnvironment(isReadable(process?.env) ? process.env : {});
}

function isReadable(
  variables: Readonly<Record<string, string | undefined>> | undefined,
): variables is Readonly<Record<string, string | undefined>> {
  try {
    return variables?.['ENVIRONMENT'] !== undefined || variables !== undefined;
  } catch {
    // Deno throws where `--allow-env` does not name the variable.
    return false;
  }
}

import { type Check, ConfigError, check } from '@sallyport/core';

interface OpenSettings {
  readonly openPaths?: readonly string[];
  readonly openHandler?: unknown;
}

/** The check of the setting `openHandler`. */
export const openHandlerCheck: Check = check.optional(check.callback);

/**
 * Open paths and their handler belong together: an MCP handler that ignores paths would answer strangers.
 *
 * @throws {ConfigError} When one of them is missing.
 */
export function assertOpenHandler({ openPaths = [], openHandler }: OpenSettings): void {
  const hasOpenPaths = openPaths.length > 0;
  if (hasOpenPaths && openHandler === undefined) {
    throw new ConfigError(
      'protect.openHandler',
      'is missing: it answers the requests for openPaths',
    );
  }
  if (!hasOpenPaths && openHandler !== undefined) {
    throw new ConfigError(
      'protect.openPaths',
      "is missing: it lists the paths that openHandler answers, such as ['/health']",
    );
  }
}

/** Switches of Node itself that would undo in production what this package is for. */
import type { Environment } from '@sallyport/core';
import type { Problems } from './problems.ts';

/** Environment variables. */
export type Variables = Readonly<Record<string, string | undefined>>;

const inspector = /(^|\s)--inspect(-brk|-wait|-port)?(\s|=|$)/;
const lenientParser = /(^|\s)--insecure-http-parser(\s|$)/;

/**
 * @param nodeArguments What Node itself was started with: `process.execArgv`.
 */
export function refuseHazards(
  variables: Variables,
  nodeArguments: readonly string[],
  environment: Environment,
  problems: Problems,
): void {
  if (!environment.isProduction) return;
  if (!['', '1'].includes(variables['NODE_TLS_REJECT_UNAUTHORIZED']?.trim() ?? '')) {
    problems.add(
      'NODE_TLS_REJECT_UNAUTHORIZED',
      'must not be set in production: without certificates anybody can be the authorization server. For one of your own, set NODE_EXTRA_CA_CERTS',
    );
  }
  const options = variables['NODE_OPTIONS'] ?? '';
  for (const text of [options, nodeArguments.join(' ')]) {
    if (lenientParser.test(text)) {
      problems.add(
        'NODE_OPTIONS',
        'must not have --insecure-http-parser in production: requests could be smuggled past the gate',
      );
    }
    if (inspector.test(text)) {
      problems.add(
        'NODE_OPTIONS',
        'must not have --inspect in production: whoever reaches the inspector reads every secret',
      );
    }
  }
}

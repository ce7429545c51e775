/** Switches of Node itself that would undo in production what this package is for. */
import type { Environment } from '@sallyport/core';
import type { Problems } from '../report/problems.ts';
import { readNodeFlags } from './node-flags.ts';

/** Environment variables. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** What the process itself says of its switches, however they were set. */
export interface ProcessState {
  readonly hasInspector: boolean;
  readonly hasLenientParser: boolean;
  readonly oldestTls: string;
}

const inspector = /^(inspect(-brk|-wait|-port)?|debug-port)$/;

/**
 * @param nodeArguments What Node itself was started with: `process.execArgv`.
 * @param state `undefined`: the variables and arguments are those of another process.
 */
export function refuseHazards(
  variables: Variables,
  nodeArguments: readonly string[],
  { environment, state }: { readonly environment: Environment; readonly state?: ProcessState },
  problems: Problems,
): void {
  if (!environment.isProduction) return;
  if (!['', '1'].includes(variables['NODE_TLS_REJECT_UNAUTHORIZED']?.trim() ?? '')) {
    problems.add(
      'NODE_TLS_REJECT_UNAUTHORIZED',
      'must not be set in production: without certificate checks, anyone can pose as the authorization server. To trust your own certificate authority, set NODE_EXTRA_CA_CERTS',
    );
  }
  const flags = readNodeFlags(variables['NODE_OPTIONS'] ?? '', nodeArguments);
  const isOn = (form: RegExp) => [...flags].some(([name, on]) => on && form.test(name));
  const found: string[] = [];
  if (isOn(/^insecure-http-parser$/) || state?.hasLenientParser === true) {
    found.push('--insecure-http-parser in production: requests could be smuggled past the gate');
  }
  if (isOn(inspector) || state?.hasInspector === true) {
    found.push('--inspect in production: whoever reaches the inspector reads every secret');
  }
  if (isOn(/^tls-min-v1\.[01]$/) || /^TLSv1(\.1)?$/.test(state?.oldestTls ?? '')) {
    found.push('--tls-min-v1.0 or --tls-min-v1.1 in production: those versions of TLS are broken');
  }
  if (isOn(/^tls-keylog$/)) {
    found.push('--tls-keylog in production: whoever has that file reads every connection');
  }
  if (found.length > 0) problems.add('NODE_OPTIONS', `must not have ${found.join('. Nor ')}`);
}

/** The run-time check of what host adapters take. */
import { type Check, type Checks, check, checkArgument, checkOptions } from '@sallyport/core';
import type { HostOptions } from '../client-address/client-address.ts';
import type { McpGate } from '../gate/mcp-gate.ts';

const gateCheck: Check = check.shape('what createMcpGate returns', {
  resource: 'string',
  handle: 'function',
  permits: 'function',
  metadataPath: 'string',
});

/** @throws {ConfigError} When it is not a gate, for example a guard. */
export function assertGate(gate: McpGate): void {
  checkArgument('gate', gate, gateCheck);
}

/** @throws {ConfigError} When it is not a function. */
export function assertHandler(name: string, handler: unknown): void {
  checkArgument(name, handler, check.callback);
}

/** @throws {ConfigError} When an option is unknown or of the wrong type. */
export function checkHostOptions(options: HostOptions): HostOptions {
  const checks: Checks<HostOptions> = { trustedProxyHops: check.optional(check.number) };
  return checkOptions('gate', options, checks);
}

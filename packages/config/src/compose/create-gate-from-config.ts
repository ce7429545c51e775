import { checkArgument, checkOptions, createReporter, type Guard } from '@sallyport/core';
import type { McpGate } from '@sallyport/mcp-adapter';
import { composeGate } from '@sallyport/protect';
import type { Config } from '../config.ts';
import { inVariables } from '../trial/check-composition.ts';
import { gateOptionChecks } from './gate-option-checks.ts';
import type { GateOptions } from './gate-options.ts';
import { createGateReadings, type GateReadings, noReadings } from './gate-readings.ts';
import { loadedConfig, toSettings } from './settings-from.ts';

/** A gate with everything that belongs to it. */
export interface ConfiguredGate {
  readonly gate: McpGate;
  readonly guard: Guard;
  /** Public URL of the MCP endpoint. */
  readonly resource: string;
  /** For gauges. */
  readonly readings: GateReadings;
  /**
   * Fetches the keys of the authorization server, so that the first client does not wait for them. Do not
   * wait for it at the start. It never rejects: a failure is the event `keys_unavailable`.
   */
  prepare(): Promise<void>;
  /** Releases sockets, timers and secrets. Called once, at shutdown. */
  close(): Promise<void>;
}

/**
 * Composes the gate that a configuration describes, and keeps it up to date: a new version of a key
 * or of a client secret reaches it without a restart. What else changes in the secret backend is
 * reported, and takes effect at the next start.
 *
 * @throws {ConfigError} When what the server says does not fit the configuration: its tools, scopes
 *   or address.
 */
export async function createGateFromConfig(
  config: Config,
  given: GateOptions,
): Promise<ConfiguredGate> {
  checkArgument('config', config, loadedConfig);
  const options = checkOptions('gate', given, gateOptionChecks);
  const onEvent = createReporter(options.onEvent);
  try {
    const { trustedProxyHops: _ofHosts, ...settings } = await toSettings(config, {
      ...options,
      onEvent,
    });
    const { verifier, rateLimiter, ...composed } = await composeGate(settings);
    const { quota } = settings;
    const hasReadings = verifier !== undefined && rateLimiter !== undefined;
    return {
      ...composed,
      readings: hasReadings ? createGateReadings({ verifier, rateLimiter, quota }) : noReadings,
    };
  } catch (error) {
    throw inVariables(error, config);
  }
}

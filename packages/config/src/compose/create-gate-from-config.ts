import { check, checkArgument, checkOptions, createReporter } from '@sallyport/core';
import type { Config } from '../config.ts';
import type { ConfigListener } from '../config-event.ts';
import { followSecrets } from '../secrets/follow-secrets.ts';
import { inVariables } from '../trial/check-composition.ts';
import { type ComposedGate, composeGate, type GateOptions } from './compose-gate.ts';
import { gateOptionChecks } from './gate-option-checks.ts';

/** A gate with everything that belongs to it. */
export interface ConfiguredGate extends ComposedGate {
  /**
   * Fetches the keys of the authorization server, so that the first client does not wait for them. Do not
   * wait for it at the start. It never rejects: a failure is the event `keys_unavailable`.
   */
  prepare(): Promise<void>;
  /** Releases sockets, timers and secrets. Called once, at shutdown. */
  close(): Promise<void>;
}

const loadedConfig = check.shape('what loadConfig returned', {
  authentication: 'object',
  environment: 'object',
  resource: 'string',
});

const reminderMs = 60_000;

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
  const onEvent: ConfigListener = createReporter(options.onEvent);
  const composed = await composeGate(config, { ...options, onEvent }).catch((error) => {
    throw inVariables(error, config);
  });
  const { gate, guard, resource, readings, replaceKey, replaceSessionSecret } = composed;
  const endFollowing = followSecrets(config, { replaceKey, replaceSessionSecret, onEvent });
  const endReminder = config.authentication.type === 'none' ? remind(onEvent) : () => {};
  return {
    gate,
    guard,
    resource,
    readings,

    async prepare() {
      await composed.prepare?.();
    },

    async close() {
      endReminder();
      endFollowing();
      await guard.close();
      await config.secrets?.close?.();
    },
  };
}

/** Nobody is to forget that the door is open. */
function remind(onEvent: ConfigListener): () => void {
  const say = () => onEvent({ type: 'authentication_omitted' });
  say();
  const timer = setInterval(say, reminderMs).unref();
  return () => clearInterval(timer);
}

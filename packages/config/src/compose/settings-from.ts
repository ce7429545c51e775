/** From a configuration to the settings of `protect`. Nothing is composed here. */
import {
  type Check,
  type Checks,
  ConfigError,
  check,
  checkArgument,
  checkOptions,
  type Secret,
} from '@sallyport/core';
import { listScopes } from '@sallyport/mcp-adapter';
import type { ProtectSettings } from '@sallyport/protect';
import { anonymousAccess } from '@sallyport/protect/anonymous';
import type { SignIn } from '@sallyport/registration';
import { reportFrontDoor } from '@sallyport/verifier-jwt/providers';
import { assertQuotaTools } from '../callers/quota-tools.ts';
import { createRedisConnections } from '../callers/redis-connections.ts';
import type { Config } from '../config.ts';
import { composeConstraints } from '../dpop/compose-dpop.ts';
import { followSecrets } from '../secrets/follow-secrets.ts';
import { composeSignIn } from '../sign-in/compose-sign-in.ts';
import { toolScopes } from '../variables/server-variables.ts';
import { type Authentication, authenticate, type Opened } from './authenticate.ts';
import { createEventRelay } from './event-relay.ts';
import { gateOptionChecks } from './gate-option-checks.ts';
import type { GateOptions } from './gate-options.ts';
import { readTools } from './tool-scopes.ts';
import { loadSecretCheck } from './weak-secret.ts';

/** Settings for `protect` on every host. */
export type ConfiguredSettings = ProtectSettings & { readonly trustedProxyHops: number };

/** The run-time check of a configuration. */
export const loadedConfig: Check = check.shape('what loadConfig returned', {
  authentication: 'object',
  environment: 'object',
  resource: 'string',
});

const optionChecks: Checks<Partial<GateOptions>> = {
  ...gateOptionChecks,
  audit: check.optional(check.audit),
  tools: check.optional(gateOptionChecks.tools),
};

/**
 * Turns a configuration into the settings of `protect` and `composeGate` of `@sallyport/protect`.
 *
 * The gate follows the secret backend: a new version of a key, a client secret or the session secret takes effect
 * without a restart. Close the protection to release the backend.
 *
 * @example
 * ```ts
 * const config = await loadConfig(process.env);
 * app.use(await protect(settingsFrom(config, { tools })));
 * ```
 * @param given What the server says besides. `tools` is required, unless `…_TOOL_SCOPES` names them.
 * @throws {ConfigError} When the parts do not fit together, or a package is not installed.
 */
export async function settingsFrom(
  config: Config,
  given: Partial<GateOptions> = {},
): Promise<ConfiguredSettings> {
  checkArgument('config', config, loadedConfig);
  return toSettings(config, checkOptions('gate', given, optionChecks));
}

/** The settings of checked options. If there are none, nothing stays open. */
export async function toSettings(
  config: Config,
  options: Partial<GateOptions>,
): Promise<ConfiguredSettings> {
  const opened: Opened = [async () => config.secrets?.close?.()];
  const dispose = async (): Promise<void> => {
    // One that fails must not keep the others open, nor hide why nothing was made of the settings.
    for (const close of opened.splice(0).toReversed()) await close().catch(() => {});
  };
  try {
    return { ...(await readSettings(config, options, opened)), dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function readSettings(
  config: Config,
  options: Partial<GateOptions>,
  opened: Opened,
): Promise<ConfiguredSettings> {
  const { environment, requiredScopes, sessionSecret, apiKeys, trustedProxyHops } = config;
  const { resource = config.resource, initialScopes = [], otherOperations, ...rest } = options;
  const { verifier, rateLimiter, denial, quota, replaceAssertionKey, ...own } = rest;
  const { tools: declared = declaredIn(config), senderConstraints: bound = [], ...gate } = own;
  if (!URL.canParse(resource)) throw new ConfigError('gate.resource', 'must be an absolute URL');
  const tools = readTools(config, declared);
  assertQuotaTools(config, Object.keys(tools));
  const useful = new Set([...requiredScopes, ...listScopes({ ...otherOperations, tools })]);
  const asked = [...requiredScopes, ...initialScopes.filter((scope) => useful.has(scope))];
  const checkSecret = await loadSecretCheck();
  if (sessionSecret !== undefined) checkSecret(sessionSecret, 'gate.sessionSecret');
  // Their packages refuse a short one in their own words.
  const checkLongSecret = (secret: Secret, option: string) => {
    if (secret.reveal().length >= 32) checkSecret(secret, option);
  };
  const checkApiKeySecret = (secret: Secret) => checkLongSecret(secret, 'apiKey.secret');
  if (apiKeys !== undefined) checkApiKeySecret(apiKeys.secret);
  const nonceSecret = config.dpop?.nonceSecret;
  if (nonceSecret !== undefined) checkLongSecret(nonceSecret, 'dpop.nonce.secret');
  const relay = createEventRelay(options.onEvent);
  const withRedis = createRedisConnections(environment, relay.emit);
  const { settings, replaceKey, replaceApiKeySecret, frontDoor } = await authenticate(config, {
    resource,
    withRedis,
    opened,
    onEvent: relay.emit,
    ...(verifier && { verifier }),
    ...(rateLimiter && { rateLimiter }),
    ...(quota && { quota }),
    ...(denial && { denial }),
  });
  const { emit: onEvent } = relay;
  const { constraints: senderConstraints, close } = await composeConstraints(config.dpop, bound, {
    ...{ resource, withRedis, opened, onEvent },
  });
  const signIn = config.signIn && (await composeSignIn(config, config.signIn, checkSecret));
  return {
    maximumBodyBytes: config.maximumBodyBytes,
    metadataAtRoot: config.metadataAtRoot,
    ...gate,
    ...(senderConstraints.length > 0 && { senderConstraints }),
    ...(config.anonymous && { anonymous: anonymousAccess(config.anonymous) }),
    ...(signIn === undefined ? settings : signInAt(settings, signIn.signIn)),
    resource,
    environment,
    tools,
    ...otherOperations,
    requiredScopes,
    initialScopes: [...new Set(asked)],
    scopeHierarchy: config.scopeHierarchy,
    maximumTokenBytes: config.maximumTokenBytes,
    trustedProxyHops,
    ...(sessionSecret !== undefined && { sessionSecret }),

    connect(connected, onEvent) {
      relay.connect(onEvent);
      if (frontDoor !== undefined) reportFrontDoor(frontDoor, relay.emit);
      const replaceSessionSecret = (next: Secret) => {
        checkSecret(next, 'gate.sessionSecret');
        connected.replaceSessionSecret(next);
      };
      const endFollowing = followSecrets(config, {
        replaceKey,
        replaceApiKeySecret:
          replaceApiKeySecret &&
          ((next) => {
            checkApiKeySecret(next);
            replaceApiKeySecret(next);
          }),
        replaceSessionSecret,
        replaceAssertionKey,
        replaceSignInKey: signIn?.replaceKey,
        onEvent: relay.emit,
      });
      return async () => {
        endFollowing();
        await close();
        await config.secrets?.close?.();
      };
    },
  };
}

/** Clients are sent to this server alone. */
function signInAt(
  { authorizationServers: _ofProvider, ...settings }: Authentication['settings'],
  signIn: SignIn,
): Authentication['settings'] {
  const changed = { ...settings, signIn };
  return changed as Authentication['settings'] & typeof changed;
}

/** @throws {ConfigError} When neither the server nor the configuration names tools. */
function declaredIn({ toolScopes: configured }: Config): GateOptions['tools'] {
  if (configured !== undefined) return configured;
  throw new ConfigError(
    toolScopes.name,
    'is missing: the server declares no tools. Set it to the scopes of each tool, or pass settingsFrom(config, { tools })',
  );
}

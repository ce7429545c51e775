/** The part of the settings that says who is let in, and who counts failures. */
import { ConfigError, type RateLimiter, type RequestName, type Secret } from '@sallyport/core';
import type { CredentialField } from '@sallyport/mcp-adapter';
import type { OpenSettings, VerifierSettings } from '@sallyport/protect';
import { composeApiKeys } from '../api-keys/compose-api-keys.ts';
import type { Config } from '../config.ts';
import type { ConfigListener } from '../config-event.ts';
import { authenticationType } from '../variables/server-variables.ts';
import { composeRateLimiter } from './compose-rate-limiter.ts';
import { type ComposedVerifier, composeVerifier } from './compose-verifier.ts';
import type { GateOptions } from './gate-options.ts';

/** Settings of `protect` about authentication, and what can be changed of them. */
export interface Authentication {
  readonly settings: (OpenSettings | VerifierSettings) &
    Pick<GateOptions, 'rateLimiter'> & {
      readonly authorizationServers?: readonly [string, ...string[]];
      readonly requestName?: RequestName;
      readonly credentialField?: CredentialField;
    };
  readonly replaceKey: ((key: Secret) => void) | undefined;
  readonly replaceApiKeySecret?: (next: Secret) => void;
}

interface Context extends Pick<GateOptions, 'verifier' | 'rateLimiter'> {
  /** Public URL of the MCP endpoint. */
  readonly resource: string;
  readonly onEvent: ConfigListener;
}

/** @throws {ConfigError} When the parts do not fit together, or a package is not installed. */
export async function authenticate(config: Config, context: Context): Promise<Authentication> {
  const { authentication, environment } = config;
  const { resource, verifier: own } = context;
  if (authentication.type === 'none') {
    if (own !== undefined) {
      throw new ConfigError(
        'gate.verifier',
        'has no token to verify: authentication is switched off',
      );
    }
    const authorizationServers = listServers(config, new URL(resource).origin);
    const settings = { dangerouslyOmitAuthentication: true, authorizationServers } as const;
    return { settings, replaceKey: undefined };
  }
  const {
    verifier: others,
    issuer,
    replaceKey,
    requestName,
  } = await composeOthers(config, context);
  const keys = config.apiKeys && (await composeApiKeys(config.apiKeys, context, environment));
  const verifier = others === undefined ? keys?.verifier : (keys?.beside(others) ?? others);
  if (verifier === undefined) {
    throw new ConfigError(authenticationType.name, 'needs a store of API keys');
  }
  const rateLimiter = await limitFailures(config, context).catch(async (error: unknown) => {
    // A connection to Redis would keep the process alive.
    await keys?.verifier.close?.();
    throw error;
  });
  return {
    settings: {
      verifier,
      rateLimiter,
      authorizationServers: listServers(config, issuer ?? new URL(resource).origin),
      ...(requestName !== undefined && { requestName }),
      ...(keys && { credentialField: keys.credentialField }),
    },
    replaceKey,
    ...(keys && { replaceApiKeySecret: keys.replaceSecret }),
  };
}

/** The verifier of all tokens but API keys; without one where keys are accepted alone. */
async function composeOthers(
  config: Config,
  { resource, verifier, onEvent }: Context,
): Promise<Partial<ComposedVerifier>> {
  const { authentication, environment, host: listenHost, network, secrets } = config;
  if (verifier !== undefined) {
    return { verifier, issuer: 'issuer' in authentication ? authentication.issuer : undefined };
  }
  if (authentication.type === 'api-key' || authentication.type === 'none') return {};
  return composeVerifier(authentication, {
    environment,
    listenHost,
    resource,
    network,
    secrets,
    onEvent,
  });
}

async function limitFailures(
  { rateLimit, environment }: Config,
  { rateLimiter, onEvent }: Context,
): Promise<RateLimiter> {
  return rateLimiter ?? composeRateLimiter(rateLimit, environment, onEvent);
}

function listServers({ authorizationServers }: Config, issuer: string): [string, ...string[]] {
  const [first = issuer, ...others] = authorizationServers;
  return [first, ...others];
}

/** The part of the settings that says who is let in, and who counts failures. */
import { ConfigError, type RequestName, type Secret } from '@sallyport/core';
import type {
  IssuerSettings,
  OpenSettings,
  ProtectSettings,
  VerifierSettings,
} from '@sallyport/protect';
import type { Provider } from '@sallyport/verifier-jwt/providers';
import { composeApiKeys } from '../api-keys/compose-api-keys.ts';
import { composeLimits } from '../callers/compose-limits.ts';
import type { WithRedis } from '../callers/redis-connections.ts';
import type { Config } from '../config.ts';
import type { ConfigListener } from '../config-event.ts';
import { jwtProvider } from '../variables/jwt-variables.ts';
import { authenticationType } from '../variables/server-variables.ts';
import { composeIssuers } from './compose-jwt.ts';
import { type ComposedVerifier, composeVerifier } from './compose-verifier.ts';
import type { GateOptions } from './gate-options.ts';

/** Settings of `protect` about authentication, and what can be changed of them. */
export interface Authentication {
  readonly settings: (OpenSettings | VerifierSettings | IssuerSettings) &
    Pick<GateOptions, 'rateLimiter' | 'denial' | 'quota'> &
    Pick<ProtectSettings, 'credentialField' | 'apiKeys'> & {
      readonly authorizationServers?: readonly [string, ...string[]] | readonly [];
      readonly requestName?: RequestName;
    };
  readonly replaceKey: ((key: Secret) => void) | undefined;
  readonly replaceApiKeySecret?: (next: Secret) => void;
  /** The proxy that adds the tokens. `undefined`: clients send them. */
  readonly frontDoor?: Provider;
}

/** How what was opened is closed. What the server passed in is for the server to close. */
export type Opened = (() => Promise<void>)[];

interface Context extends Pick<GateOptions, 'verifier' | 'rateLimiter' | 'denial' | 'quota'> {
  readonly resource: string;
  readonly withRedis: WithRedis;
  readonly onEvent: ConfigListener;
  readonly opened: Opened;
}

/** @throws {ConfigError} When the parts do not fit together, or a package is not installed. */
export async function authenticate(config: Config, context: Context): Promise<Authentication> {
  const { authentication } = config;
  const { verifier: own, ...given } = context;
  const { resource, opened } = context;
  if (authentication.type === 'none') {
    if (own !== undefined) {
      throw new ConfigError(
        'gate.verifier',
        'has no token to verify: authentication is switched off',
      );
    }
    const [first = new URL(resource).origin, ...rest] = config.authorizationServers;
    const authorizationServers: [string, ...string[]] = [first, ...rest];
    const { denial, quota } = context;
    const settings = {
      dangerouslyOmitAuthentication: true,
      authorizationServers,
      // Without effect here: the settings refuse them.
      ...(denial && { denial }),
      ...(quota && { quota }),
    } as const;
    return { settings, replaceKey: undefined };
  }
  const keys = config.apiKeys && (await composeApiKeys(config.apiKeys, given));
  if (keys !== undefined) opened.push(async () => keys.verifier.close?.());
  const ofKeys = keys && { replaceApiKeySecret: keys.replaceSecret };
  const [server, ...servers] = config.authorizationServers;
  const named = server === undefined ? undefined : ([server, ...servers] as const);
  if (own === undefined && authentication.type === 'jwt' && authentication.others.length > 0) {
    return {
      settings: {
        issuer: await composeIssuers(authentication, toVerifierContext(config, context)),
        ...(await composeLimits(config, given)),
        ...(named && { authorizationServers: named }),
        ...(keys && { apiKeys: keys }),
      },
      replaceKey: undefined,
      ...ofKeys,
    };
  }
  const {
    verifier: others,
    issuer,
    replaceKey,
    requestName,
  } = await composeOthers(config, context);
  if (own === undefined) opened.push(async () => others?.close?.());
  const verifier = others ?? keys?.verifier;
  if (verifier === undefined) {
    throw new ConfigError(authenticationType.name, 'needs a store of API keys');
  }
  const provider = authentication.type === 'jwt' ? authentication.provider : undefined;
  const frontDoor = provider?.credentialField === undefined ? undefined : provider;
  if (frontDoor !== undefined && keys !== undefined) {
    const problem = `cannot be combined with API keys: ${frontDoor.name} adds the only credential that counts`;
    throw new ConfigError(jwtProvider.name, problem);
  }
  // No server issues what a front door adds, nor API keys (RFC 9728 §2: the member is optional).
  const hasServers = frontDoor === undefined && authentication.type !== 'api-key';
  const areAlone = others === undefined;
  const credentialField = areAlone ? keys?.credentialField : frontDoor?.credentialField;
  return {
    ...(frontDoor && { frontDoor }),
    settings: {
      verifier,
      ...(await composeLimits(config, given)),
      ...(credentialField && { credentialField }),
      ...(keys && !areAlone && { apiKeys: keys }),
      authorizationServers: named ?? (hasServers ? [issuer ?? new URL(resource).origin] : []),
      ...(requestName !== undefined && { requestName }),
    },
    replaceKey,
    ...ofKeys,
  };
}

/** The verifier of all tokens but API keys; without one where keys are accepted alone. */
async function composeOthers(config: Config, context: Context): Promise<Partial<ComposedVerifier>> {
  const { authentication } = config;
  const { verifier } = context;
  if (verifier !== undefined) {
    return { verifier, issuer: 'issuer' in authentication ? authentication.issuer : undefined };
  }
  if (authentication.type === 'api-key' || authentication.type === 'none') return {};
  return composeVerifier(authentication, toVerifierContext(config, context));
}

function toVerifierContext(
  { environment, host: listenHost, network, secrets }: Config,
  { resource, onEvent }: Context,
): Parameters<typeof composeVerifier>[1] {
  return { environment, listenHost, resource, network, secrets, onEvent };
}

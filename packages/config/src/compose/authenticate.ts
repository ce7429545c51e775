/** The part of the settings that says who is let in, and who counts failures. */
import { ConfigError, type RequestName, type Secret } from '@sallyport/core';
import type {
  IssuerSettings,
  OpenSettings,
  ProtectSettings,
  VerifierSettings,
} from '@sallyport/protect';
import type { Provider } from '@sallyport/verifier-jwt/providers';
import type { Config } from '../config.ts';
import type { ConfigListener } from '../config-event.ts';
import { composeLimits } from '../callers/compose-limits.ts';
import { composeIssuers } from './compose-jwt.ts';
import { type ComposedVerifier, composeVerifier } from './compose-verifier.ts';
import type { GateOptions } from './gate-options.ts';

/** Settings of `protect` about authentication, and what can be changed of them. */
export interface Authentication {
  readonly settings: (OpenSettings | VerifierSettings | IssuerSettings) &
    Pick<GateOptions, 'rateLimiter' | 'denial' | 'quota'> &
    Pick<ProtectSettings, 'credentialField'> & {
      readonly authorizationServers?: readonly [string, ...string[]] | readonly [];
      readonly requestName?: RequestName;
    };
  readonly replaceKey: ((key: Secret) => void) | undefined;
  /** The proxy that adds the tokens. `undefined`: clients send them. */
  readonly frontDoor?: Provider;
}

/** How what was opened is closed. What the server passed in is for the server to close. */
export type Opened = (() => Promise<void>)[];

interface Context extends Pick<GateOptions, 'verifier' | 'rateLimiter' | 'denial' | 'quota'> {
  /** Public URL of the MCP endpoint. */
  readonly resource: string;
  readonly onEvent: ConfigListener;
  /** Receives how to close what is opened here. */
  readonly opened: Opened;
}

/** @throws {ConfigError} When the parts do not fit together, or a package is not installed. */
export async function authenticate(config: Config, context: Context): Promise<Authentication> {
  const { authentication, environment } = config;
  const { verifier: own, ...limits } = context;
  const { resource, onEvent, opened } = context;
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
  const parts = {
    environment,
    listenHost: config.host,
    resource,
    network: config.network,
    secrets: config.secrets,
    onEvent,
  };
  if (own === undefined && authentication.type === 'jwt' && authentication.others.length > 0) {
    const issuer = await composeIssuers(authentication, parts);
    const [first, ...others] = config.authorizationServers;
    return {
      settings: {
        issuer,
        ...(await composeLimits(config, limits)),
        ...(first !== undefined && { authorizationServers: [first, ...others] }),
      },
      replaceKey: undefined,
    };
  }
  const { verifier, issuer, replaceKey, requestName }: ComposedVerifier =
    own === undefined
      ? await composeVerifier(authentication, parts)
      : { verifier: own, issuer: 'issuer' in authentication ? authentication.issuer : undefined };
  if (own === undefined) opened.push(async () => verifier.close?.());
  const provider = authentication.type === 'jwt' ? authentication.provider : undefined;
  const { credentialField } = provider ?? {};
  const [server, ...servers] = config.authorizationServers;
  // Clients of a front door get no tokens for this server.
  const ofFrontDoor = server === undefined ? ([] as const) : ([server, ...servers] as const);
  return {
    ...(provider !== undefined && credentialField !== undefined && { frontDoor: provider }),
    settings: {
      verifier,
      ...(await composeLimits(config, limits)),
      ...(credentialField !== undefined && { credentialField }),
      authorizationServers:
        credentialField === undefined
          ? listServers(config, issuer ?? new URL(resource).origin)
          : ofFrontDoor,
      ...(requestName !== undefined && { requestName }),
    },
    replaceKey,
  };
}

function listServers({ authorizationServers }: Config, issuer: string): [string, ...string[]] {
  const [first = issuer, ...others] = authorizationServers;
  return [first, ...others];
}

import type {
  Environment,
  RequestName,
  Secret,
  SecretProvider,
  TokenVerifier,
} from '@sallyport/core';
import type {
  ApiKeyAuthentication,
  Config,
  NetworkConfig,
  NoAuthentication,
  StaticAuthentication,
} from '../config.ts';
import type { ConfigListener } from '../config-event.ts';
import { loadPackage } from '../optional-package.ts';
import { authenticationType } from '../variables/server-variables.ts';
import { composeIntrospection } from './compose-introspection.ts';
import { composeJwt } from './compose-jwt.ts';

/** A verifier, and who issues the tokens that it takes. */
export interface ComposedVerifier {
  readonly verifier: TokenVerifier;
  /** `undefined` when there are several. */
  readonly issuer: string | undefined;
  /**
   * Puts another key in force, for a key at hand. Tokens of the one before stay valid for a while.
   *
   * @throws {ConfigError} When it cannot be used: then everything stays as it is.
   */
  readonly replaceKey?: (key: Secret) => void;
  /** How clients call a scope when they ask for it, where that is not its name in the token. */
  readonly requestName?: RequestName;
}

/** What is given besides the configuration. */
export interface VerifierContext {
  readonly environment: Environment;
  readonly listenHost: string;
  /** Public URL of the MCP endpoint. */
  readonly resource: string;
  readonly network: NetworkConfig;
  /** `undefined`: nothing rotates. */
  readonly secrets: SecretProvider | undefined;
  readonly onEvent: ConfigListener;
}

/** @throws {ConfigError} When the parts do not fit together, or a package is not installed. */
export async function composeVerifier(
  authentication: Exclude<Config['authentication'], NoAuthentication | ApiKeyAuthentication>,
  context: VerifierContext,
): Promise<ComposedVerifier> {
  switch (authentication.type) {
    case 'jwt':
      return composeJwt(authentication, context);
    case 'introspection':
      return composeIntrospection(authentication, context);
    case 'static':
      return composeStatic(authentication, context);
  }
}

async function composeStatic(
  { tokens }: StaticAuthentication,
  { environment, listenHost, resource }: VerifierContext,
): Promise<ComposedVerifier> {
  const { createStaticVerifier } = await loadPackage(
    '@sallyport/verifier-static',
    authenticationType.name,
    () => import('@sallyport/verifier-static'),
  );
  const issuer = new URL(resource).origin;
  const verifier = createStaticVerifier({
    environment,
    listenHost,
    issuer,
    audience: resource,
    tokens: Object.fromEntries(
      tokens.map(({ token, clientId, scopes }) => [token.reveal(), { clientId, scopes }]),
    ),
  });
  return { verifier, issuer };
}

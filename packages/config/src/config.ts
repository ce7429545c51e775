/** What a configuration says, once it is checked. */
import type { Environment, Secret, SecretProvider } from '@sallyport/core';
import type { Provider } from '@sallyport/verifier-jwt/providers';
import type { Setting } from './report/shown-setting.ts';

/** A checked configuration. Frozen; printed, logged or serialised it shows no secret. */
export interface Config {
  readonly environment: Environment;
  /** Where to listen: every interface in production, this machine alone in development. */
  readonly host: string;
  readonly port: number;
  /** Public URL of the MCP endpoint. */
  readonly resource: string;
  /** Issuers to send clients to. Empty: the issuer of the tokens. */
  readonly authorizationServers: readonly string[];
  readonly authentication:
    | JwtAuthentication
    | IntrospectionAuthentication
    | StaticAuthentication
    | NoAuthentication;
  /** Scopes that every operation needs. */
  readonly requiredScopes: readonly string[];
  /** By tool. `undefined`: what the server itself declares. */
  readonly toolScopes: Readonly<Record<string, readonly string[]>> | undefined;
  readonly scopeHierarchy: Readonly<Record<string, readonly string[]>>;
  /** `undefined` when limiting is switched off. */
  readonly rateLimit: RateLimit | undefined;
  /** How many proxies in front write the client's address. */
  readonly trustedProxyHops: number;
  /** Largest request body, in bytes. */
  readonly maximumBodyBytes: number;
  /** Longest token, in bytes. */
  readonly maximumTokenBytes: number;
  /** Whether the metadata is served at the root of the origin too. */
  readonly metadataAtRoot: boolean;
  /** Makes session ids. `undefined`: random bytes, for this process alone. */
  readonly sessionSecret: Secret | undefined;
  /** The way to the authorization server. */
  readonly network: NetworkConfig;
  /** Every variable that was read, with its origin. */
  readonly settings: readonly Setting[];
  /** What can be used, but should be looked at. */
  readonly warnings: readonly string[];
  /** The project of Google Cloud, where one is named. */
  readonly projectId: string | undefined;
  /** Where secrets are read again, `undefined` when they are in the environment. */
  readonly secrets: SecretProvider | undefined;
}

/** The way to the authorization server. */
export interface NetworkConfig {
  /** Whether it may be in a private network. */
  readonly allowPrivateNetwork: boolean;
  /** The HTTP proxy in between; `undefined`: none. */
  readonly proxyUrl: string | undefined;
}

/** JWT access tokens. */
export interface JwtAuthentication {
  readonly type: 'jwt';
  /** The preset: named, or recognised by the issuer. */
  readonly provider: Provider | undefined;
  readonly tenant: string | undefined;
  /** `undefined` where the preset says it. */
  readonly issuer: string | undefined;
  /** `undefined` where clients stand in for it. */
  readonly audience: string | undefined;
  /** Audiences that are accepted besides. */
  readonly otherAudiences: readonly string[];
  readonly clientIds: readonly string[];
  /** `undefined` where the preset says it. */
  readonly algorithm: string | undefined;
  readonly keys:
    | { readonly kind: 'jwks'; readonly url: string }
    | { readonly kind: 'public key' | 'hmac'; readonly key: Secret; readonly secretName?: string }
    /** Those that the preset knows. */
    | { readonly kind: 'published' };
  readonly clockSkewSeconds: number;
  /** `undefined`: the default of the verifier or the preset. */
  readonly maximumLifetimeSeconds: number | undefined;
  readonly jwksCacheTtlSeconds: number;
}

/** Opaque tokens (RFC 7662). */
export interface IntrospectionAuthentication {
  readonly type: 'introspection';
  readonly url: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: Secret;
  /** Its name in the secret backend; `undefined` when it is not from there. */
  readonly clientSecretName: string | undefined;
  /** `undefined`: the server's own public URL. */
  readonly audience: string | undefined;
  /** Audiences that are accepted besides. */
  readonly otherAudiences: readonly string[];
  readonly timeoutSeconds: number;
  readonly cacheTtlSeconds: number;
}

/** Fixed tokens, for development. */
export interface StaticAuthentication {
  readonly type: 'static';
  readonly tokens: readonly {
    readonly token: Secret;
    readonly clientId: string;
    readonly scopes: readonly string[];
  }[];
}

/** Everybody is let in, for development. */
export interface NoAuthentication {
  readonly type: 'none';
}

/** How many failures are allowed. */
export interface RateLimit {
  readonly maximumAttempts: number;
  readonly windowSeconds: number;
  /** Where all instances count together; `undefined`: each for itself. */
  readonly redisUrl: Secret | undefined;
}

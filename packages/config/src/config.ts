/** The validated configuration, as types. */
import type { Environment, Secret, SecretProvider } from '@sallyport/core';
import type { Provider } from '@sallyport/verifier-jwt/providers';
import type { Setting } from './report/shown-setting.ts';
import type { ToolQuota } from './variables/quota-variables.ts';

/** A validated configuration. It is frozen. Printed, logged or serialised, it shows no secret. */
export interface Config {
  readonly environment: Environment;
  /** The address to listen on: every interface in production, 127.0.0.1 in development. */
  readonly host: string;
  /** The TCP port to listen on. */
  readonly port: number;
  /** Public URL of the MCP endpoint. */
  readonly resource: string;
  /** Issuers that the metadata names to clients. Empty: the issuer of the tokens. */
  readonly authorizationServers: readonly string[];
  readonly authentication:
    | JwtAuthentication
    | IntrospectionAuthentication
    | ApiKeyAuthentication
    | StaticAuthentication
    | NoAuthentication;
  /** API keys, which are accepted besides other tokens. `undefined`: they are not. */
  readonly apiKeys: ApiKeys | undefined;
  /** Tokens that are bound to a key of the client. `undefined`: they are refused. */
  readonly dpop: DpopConfig | undefined;
  /** How people sign in at this server. `undefined`: clients are sent to the provider. */
  readonly signIn: SignInConfig | undefined;
  /** Scopes that every operation needs. */
  readonly requiredScopes: readonly string[];
  /** Scopes of each tool. `undefined`: those that the server itself declares. */
  readonly toolScopes: Readonly<Record<string, readonly string[]>> | undefined;
  /** What callers may use without a token. `undefined`: nothing. */
  readonly anonymous: AnonymousConfig | undefined;
  /** For each scope, the scopes that it includes. */
  readonly scopeHierarchy: Readonly<Record<string, readonly string[]>>;
  /** The limit of failed sign-ins. `undefined`: no limit. */
  readonly rateLimit: RateLimit | undefined;
  /** How many calls a caller may make. `undefined`: no limit. */
  readonly callQuota: CallQuotaSettings | undefined;
  /** Where the denial list is. `undefined`: no caller is denied. */
  readonly denialList: DenialPlace | undefined;
  /** How many proxies in front of this server append the client's address. 0: none. */
  readonly trustedProxyHops: number;
  /** Largest request body, in bytes. */
  readonly maximumBodyBytes: number;
  /** Longest token, in bytes. */
  readonly maximumTokenBytes: number;
  /** Whether the server also serves the metadata at the root of the origin. */
  readonly metadataAtRoot: boolean;
  /** The key of session ids. `undefined`: a random key for this process alone. */
  readonly sessionSecret: Secret | undefined;
  /** The private key of assertions, for `createHttpUpstream` of `@sallyport/proxy`. `undefined`: a random key. */
  readonly assertionKey: Secret | undefined;
  /** Keys that its key set shows besides. */
  readonly publishedAssertionKeys: readonly Secret[];
  /** How this server reaches the authorization server. */
  readonly network: NetworkConfig;
  /** Every variable that was read, with its origin. */
  readonly settings: readonly Setting[];
  /** Problems that do not stop the server, one sentence each. */
  readonly warnings: readonly string[];
  /** The Google Cloud project, if the configuration names one. */
  readonly projectId: string | undefined;
  /** The open secret backend. `undefined`: secrets come from the environment. */
  readonly secrets: SecretProvider | undefined;
}

/** What callers may use without a token, for `anonymousAccess` of `@sallyport/protect/anonymous`. */
interface AnonymousConfig {
  readonly tools: readonly string[];
  readonly methods: readonly string[];
  /** How a call is answered that needs a token or more scopes. */
  readonly challenge: 'http' | 'tool-result';
  /** Requests without a token of one client address, in each process. */
  readonly maximumRequestsPerMinute: number;
}

/** Proofs for tokens that are bound to a key (RFC 9449), for `@sallyport/dpop`. */
export interface DpopConfig {
  /** Whether every token must be bound to a key. */
  readonly isRequired: boolean;
  /** Largest difference between the time of a proof and now. */
  readonly proofLifetimeSeconds: number;
  /** Makes nonces. `undefined`: proofs need no nonce. */
  readonly nonceSecret: Secret | undefined;
  /** The Redis in which all instances remember used proofs. `undefined`: each instance remembers its own. */
  readonly redisUrl: Secret | undefined;
}

/** How people sign in at this server, for `@sallyport/registration`. */
export interface SignInConfig {
  readonly kind: 'entra' | 'cognito' | 'okta' | 'general';
  /** This server as a client of the provider. */
  readonly clientId: string;
  /** `undefined`: a public client. */
  readonly clientSecret: Secret | undefined;
  /** The name of the client secret in the secret backend. `undefined`: it comes from elsewhere. */
  readonly clientSecretName: string | undefined;
  /** The sealing key. `undefined`: a random key, in development only. */
  readonly key: Secret | undefined;
  /** The sealing key of before. */
  readonly previousKey: Secret | undefined;
  /** Empty: the presets. */
  readonly allowedClients: readonly string[];
  readonly signInOrigins: readonly string[];
  /** Managed login of Cognito, or the authorization endpoint. */
  readonly url: string | undefined;
  readonly tokenUrl: string | undefined;
}

/** How this server reaches the authorization server. */
export interface NetworkConfig {
  /** Whether the authorization server may be in a private network. */
  readonly allowPrivateNetwork: boolean;
  /** The HTTP proxy for outbound requests. `undefined`: none. */
  readonly proxyUrl: string | undefined;
}

/** Settings for JWT access tokens. */
export interface JwtAuthentication {
  readonly type: 'jwt';
  /** The preset, named by a variable or recognised by the issuer. `undefined`: none. */
  readonly provider: Provider | undefined;
  /** The tenant at the provider. `undefined`: the preset needs none. */
  readonly tenant: string | undefined;
  /** The expected `iss`. `undefined`: that of the preset. */
  readonly issuer: string | undefined;
  /** The expected `aud`. `undefined`: {@link clientIds} are checked instead. */
  readonly audience: string | undefined;
  /** Further accepted audiences. */
  readonly otherAudiences: readonly string[];
  /** Accepted clients. Empty: any client. */
  readonly clientIds: readonly string[];
  /** The signature algorithm. `undefined`: those of the preset. */
  readonly algorithm: string | undefined;
  /** Where the keys come from. */
  readonly keys:
    | { readonly kind: 'jwks'; readonly url: string }
    | {
        readonly kind: 'public key' | 'hmac';
        readonly key: Secret;
        readonly previous?: PreviousKey;
      }
    /** The key set of the preset. */
    | { readonly kind: 'published' }
    /** The key set that the metadata of the issuer names. */
    | { readonly kind: 'discovered' };
  /** Tolerance for `exp` and `nbf`, in seconds: 0 to 120. */
  readonly clockSkewSeconds: number;
  /** Longest time from `iat` to `exp`. `undefined`: the default of the preset or the verifier. */
  readonly maximumLifetimeSeconds: number | undefined;
  /** How long a fetched key set is fresh. */
  readonly jwksCacheTtlSeconds: number;
  /** The scopes of each caller behind a front door. `undefined`: no scopes. */
  readonly scopeGrants: Readonly<Record<string, readonly string[]>> | undefined;
  /** Further issuers, each with rules and keys of its own. */
  readonly others: readonly JwtAuthentication[];
}

/** The shared secret of before. */
export interface PreviousKey {
  readonly key: Secret;
  /** Its end, in milliseconds since the epoch. */
  readonly endsAt: number;
}

/** Settings for opaque tokens (RFC 7662). */
export interface IntrospectionAuthentication {
  readonly type: 'introspection';
  /** The introspection endpoint. */
  readonly url: string;
  /** The issuer of every principal. */
  readonly issuer: string;
  /** The client id of this server. */
  readonly clientId: string;
  /** The client secret of this server. */
  readonly clientSecret: Secret;
  /** The name of the client secret in the secret backend. `undefined`: it comes from elsewhere. */
  readonly clientSecretName: string | undefined;
  /** The expected `aud`. `undefined`: {@link Config.resource}. */
  readonly audience: string | undefined;
  /** Further accepted audiences. */
  readonly otherAudiences: readonly string[];
  /** Longest time for one introspection request. */
  readonly timeoutSeconds: number;
  /** How long a positive answer is cached. */
  readonly cacheTtlSeconds: number;
}

/** API keys alone are accepted: {@link Config.apiKeys}. */
export interface ApiKeyAuthentication {
  readonly type: 'api-key';
}

/** Where the records of API keys are, and the secret of their digests. */
export interface ApiKeys {
  readonly store:
    | { readonly kind: 'file'; readonly path: string }
    | { readonly kind: 'redis'; readonly url: Secret };
  readonly secret: Secret;
  /** The secret before. `undefined`: there is none. */
  readonly previousSecret: Secret | undefined;
}

/** Settings for fixed tokens, for development only. */
export interface StaticAuthentication {
  readonly type: 'static';
  /** Each token with its client and scopes. */
  readonly tokens: readonly {
    readonly token: Secret;
    readonly clientId: string;
    readonly scopes: readonly string[];
  }[];
}

/** Every request is accepted without a token, for development only. */
export interface NoAuthentication {
  readonly type: 'none';
}

/** Where a denial list is. The URL of a Redis may hold a password. */
export type DenialPlace = { readonly path: string } | { readonly redisUrl: Secret };

/** The limit of failed sign-ins per client. */
export interface RateLimit {
  /** Allowed failures in any window. */
  readonly maximumAttempts: number;
  /** The length of the window. */
  readonly windowSeconds: number;
  /** The Redis in which all instances count. `undefined`: each instance counts alone. */
  readonly redisUrl: Secret | undefined;
}

/** How many calls each caller may make: an issuer, a subject and a client. */
export interface CallQuotaSettings {
  /** Allowed calls in any window, of all tools together. `undefined`: only single tools are limited. */
  readonly calls: number | undefined;
  /** The length of the window. */
  readonly windowSeconds: number;
  /** Further limits, by the name of the tool. */
  readonly tools: Readonly<Record<string, ToolQuota>>;
  /** Whether `initialize`, `ping` and lists count. */
  readonly countDiscovery: boolean;
  /** The Redis in which all instances count. `undefined`: each instance counts alone. */
  readonly redisUrl: Secret | undefined;
}

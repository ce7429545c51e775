/** What `protect` takes, for every host. */
import type {
  AuditSink,
  AuthorizationRule,
  CredentialField,
  Environment,
  EventListener,
  GuardOptions,
  RateLimiter,
  TokenVerifier,
} from '@sallyport/core';
import type { GateSettings, McpGate, OperationScopes } from '@sallyport/mcp-adapter';
import type { TrustedIssuer } from '@sallyport/verifier-jwt';
import type { StaticToken } from '@sallyport/verifier-static';

/**
 * The issuer of the tokens: its https address, exactly as its tokens have it in `iss`, or what a provider
 * of `@sallyport/verifier-jwt` returns, such as `providers.auth0({ … })`.
 */
export type IssuerSetting = string | TrustedIssuer;

/** Tokens are JWTs of one issuer, or of several. */
export interface IssuerSettings {
  readonly issuer: IssuerSetting | readonly [IssuerSetting, ...IssuerSetting[]];
  /**
   * This server as tokens name it in `aud`, for issuers that are given as an address. One `aud` value must equal
   * one of these exactly. Default: {@link ProtectSettings.resource}.
   */
  readonly audience?: string | readonly [string, ...string[]];
  readonly verifier?: never;
  readonly developmentTokens?: never;
  readonly dangerouslyOmitAuthentication?: never;
}

/** Tokens are verified by a verifier of your choice, such as `createIntrospectionVerifier({ … })`. */
export interface VerifierSettings {
  readonly verifier: TokenVerifier;
  /**
   * Where clients get tokens that this verifier accepts. Exact issuer strings, at least one. It may be empty where
   * `credentialField` says that `Authorization` is ignored.
   */
  readonly authorizationServers: readonly [string, ...string[]] | readonly [];
  readonly issuer?: never;
  readonly audience?: never;
  readonly developmentTokens?: never;
  readonly dangerouslyOmitAuthentication?: never;
}

/** Tokens are verified by a verifier of your choice, and clients sign in at this server. */
export interface SignInVerifierSettings extends Omit<VerifierSettings, 'authorizationServers'> {
  readonly signIn: NonNullable<CommonSettings['signIn']>;
  readonly authorizationServers?: never;
}

/** Tokens are a fixed list, for development at your own machine. Refused in production. */
export interface DevelopmentSettings {
  /** The caller of each token, by the token. A token has at least 16 characters. */
  readonly developmentTokens: Readonly<Record<string, StaticToken>>;
  readonly issuer?: never;
  readonly audience?: never;
  readonly verifier?: never;
  readonly dangerouslyOmitAuthentication?: never;
}

/** Everybody is let in as the same caller, without a token, and may do everything. Refused in production. */
export interface OpenSettings {
  readonly dangerouslyOmitAuthentication: true;
  readonly issuer?: never;
  readonly audience?: never;
  readonly verifier?: never;
  readonly developmentTokens?: never;
}

/** How callers are authenticated. Exactly one way must be given. */
type AuthenticationSettings =
  | VerifierSettings
  | SignInVerifierSettings
  | DevelopmentSettings
  | OpenSettings
  | IssuerSettings;

type GuardSettings = Pick<GuardOptions, 'maximumTokenBytes' | 'requestName' | 'senderConstraints'>;

/** What `createApiKeyVerifier({ … })` of `@sallyport/verifier-api-key` returns. */
interface ApiKeySetting {
  /** Returns a verifier of keys and of other tokens. */
  beside(others: TokenVerifier): TokenVerifier;
  readonly credentialField: CredentialField;
}

/** What a sign-in learns of the gate besides its settings. */
export interface SignInContext {
  readonly environment: Environment;
  readonly onEvent: EventListener;
  /** The limiter of the gate. */
  readonly rateLimiter: RateLimiter;
}

/** The settings besides authentication. */
interface CommonSettings extends OperationScopes, GateSettings, GuardSettings {
  /**
   * The public URL of the MCP endpoint, without a trailing slash. Tokens must be issued for it, and clients find
   * the metadata with it.
   */
  readonly resource: string;
  /**
   * The scopes that each tool needs, by the tool's name. A tool that is not listed needs every scope that the
   * table mentions. If the table mentions no scope, any valid token may call it.
   */
  readonly tools: OperationScopes['tools'];
  /** Scopes that every operation needs. Default none: any valid token passes the first checkpoint. */
  readonly requiredScopes?: readonly string[];
  /**
   * Scopes that a client is told to ask for first. Default: the required scopes, and those of the tool that
   * needs the fewest.
   */
  readonly initialScopes?: readonly string[];
  /** Which scopes a scope includes, such as `{ admin: ['notes:read'] }`. Default: none includes another. */
  readonly scopeHierarchy?: Readonly<Record<string, readonly string[]>>;
  /**
   * Also accepts API keys, as `Authorization: Bearer` or in `X-API-Key`: what `createApiKeyVerifier({ … })` of
   * `@sallyport/verifier-api-key` returns. Their prefix tells them from other tokens. Default: none.
   */
  readonly apiKeys?: ApiKeySetting;
  /** Issuers that clients are sent to. Default: those of the tokens. */
  readonly authorizationServers?: readonly [string, ...string[]] | readonly [];
  /**
   * Refuses denied callers, tokens and API keys: what `createDenialList({ … })` of `@sallyport/denial` returns.
   * Default: nobody is denied.
   */
  readonly denial?: AuthorizationRule;
  /**
   * Decides about each operation that has its scopes: what `createPolicy(…)` of `@sallyport/policy` returns. It is
   * asked after {@link denial}. Default: the scopes decide.
   */
  readonly policy?: AuthorizationRule;
  /** Counts failed requests. Default: in this process, 10 failures in 60 seconds for each client address. */
  readonly rateLimiter?: RateLimiter;
  /**
   * Limits the calls of each caller: `createMemoryCallQuota` of `@sallyport/rate-limit`, or `createRedisCallQuota` of
   * `@sallyport/rate-limit-redis`. A call over its limit is answered 429. Default: no limit.
   */
  readonly quota?: AuthorizationRule;
  /** Records each decision. Default: one line of JSON on standard output. */
  readonly audit?: AuditSink;
  /** Receives what an operator should know. Default: one line of JSON on standard output. */
  readonly onEvent?: EventListener;
  /**
   * Connects the gate to something that changes while it runs, such as secrets that rotate. It is called once, with
   * the gate and the listener of its events. What it returns is called when the gate is closed. Default: nothing.
   */
  readonly connect?: (gate: McpGate, onEvent: EventListener) => () => void | Promise<void>;
  /**
   * Releases what the settings opened, such as a connection. It is called when they do not make a gate. Otherwise
   * the gate releases it when it is closed. Default: nothing.
   */
  readonly dispose?: () => void | Promise<void>;
  /**
   * Puts a page for browsers in front of the gate: what `createLandingPage()` of `@sallyport/landing-page` returns.
   * It shadows no page of the application. Default: a browser without a token gets the same 401 as every client.
   */
  readonly landingPage?: (gate: McpGate) => McpGate;
  /**
   * Registers clients where the provider cannot: what `entra({ … })`, `cognito({ … })`, `okta({ … })` or
   * `general({ … })` of `@sallyport/registration` returns. Clients then sign in at this server, which sends them on
   * to the provider. Default: clients are sent to the issuers of the tokens.
   */
  readonly signIn?: (settings: ProtectSettings, context: SignInContext) => ProtectSettings;
  /** Where the program runs. Default `detectEnvironment(process.env)`: production, unless `ENVIRONMENT` says otherwise. */
  readonly environment?: Environment;
}

/** Settings of `composeGate`, and of `protect` on every host. */
export type ProtectSettings = CommonSettings & AuthenticationSettings;

/** The options of a gate with their checks, and its methods. */
import {
  type Checks,
  check,
  type EventListener,
  type Guard,
  type Secret,
  type TokenExchange,
} from '@sallyport/core';
import type { AnonymousAccess } from '../anonymous/anonymous-access.ts';
import type { PublicDocumentsOptions } from '../metadata/public-documents.ts';
import type { OperationScopes, Subject } from '../scopes/operation.ts';
import { credentialFieldCheck } from './credential-field.ts';
import type { GateReporter } from './gate-event.ts';
import type { GateDecision, GateRequest } from './gate-request.ts';

/** What a server may say of its gate. `protect` and `config` pass these options on as they are. */
export interface GateSettings
  extends Omit<PublicDocumentsOptions, 'authorizationServers' | 'resource'> {
  /** Origins whose pages may call this server. Default: none but the resource's own. */
  readonly allowedOrigins?: readonly string[];
  /**
   * Accepted host names, without a port. Default: the loopback names if the resource is on loopback. Otherwise
   * every name, because proxies write their own.
   */
  readonly allowedHosts?: readonly string[];
  /**
   * Largest request body, in bytes. At least 1. Default 1 MiB. A body may hold one JSON value or member
   * name for every 20 bytes of it, and always 50,000.
   */
  readonly maximumBodyBytes?: number;
  /**
   * The key for the session ids of older protocol revisions. Every instance with the same key can verify the owner
   * of a session. At least 32 bytes. Default: random, for this process only.
   */
  readonly sessionSecret?: Secret;
  /**
   * The number of streams (GET and `subscriptions/listen`) that one issuer, subject and client may have open. A
   * further one gets 429. Keep it below the limit of the server, which is 1,024 for all callers in SDK v2.
   * Default 64.
   */
  readonly maximumStreamsPerCaller?: number;
  /** How often the gate verifies the token of an open stream again, in seconds. At least 1. Default 60. */
  readonly streamCheckSeconds?: number;
  /**
   * Gives the client's token to tools, as `authInfo.token`. The token is for this server. Do not send it to
   * another one (MCP, "Token Passthrough"). Default false: `authInfo.token` is `[redacted]`.
   */
  readonly exposeToken?: boolean;
  /**
   * Gets tokens for the APIs behind this server. Tools call `authInfo.extra.upstreamToken(target)`. Default: none.
   */
  readonly tokenExchange?: TokenExchange;
  /**
   * Tools and methods for callers without a token: what `anonymousAccess` of `@sallyport/mcp-adapter/anonymous`
   * returns. Default: every request needs a token.
   */
  readonly anonymous?: AnonymousAccess;
}

/** The run-time check of {@link GateSettings}: types only. `createMcpGate` checks ranges. */
export const gateSettingChecks: Checks<GateSettings> = {
  resourceName: check.optional(check.text),
  metadataAtRoot: check.optional(check.flag),
  authorizationServerMetadata: check.optional(check.recordOf(check.optional(check.anything))),
  allowedOrigins: check.optional(check.texts),
  allowedHosts: check.optional(check.texts),
  maximumBodyBytes: check.optional(check.number),
  sessionSecret: check.optional(check.secret),
  maximumStreamsPerCaller: check.optional(check.number),
  streamCheckSeconds: check.optional(check.number),
  exposeToken: check.optional(check.flag),
  tokenExchange: check.optional(check.tokenExchange),
  credentialField: check.optional(credentialFieldCheck),
  anonymous: check.optional(check.shape('what anonymousAccess returns', { open: 'function' })),
};

/** Options for `createMcpGate`. */
export interface McpGateOptions extends GateSettings, PublicDocumentsOptions {
  /**
   * The public URL of the MCP endpoint, without a trailing slash. It is never taken from `Host`. The guard's
   * `resourceMetadataUrl` must come from the same URL.
   */
  readonly resource: string;
  readonly guard: Guard;
  /** The scopes that each operation needs, in addition to the guard's `requiredScopes`. */
  readonly scopes: OperationScopes;
  /** Receives what an operator should know, as `GateEvent`. Default: events are dropped. */
  readonly onEvent?: EventListener;
  /** Clock, in milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
}

/** The gate of one MCP endpoint. */
export interface McpGate {
  /** The public URL of the MCP endpoint. */
  readonly resource: string;
  /** The path at which {@link handle} serves the metadata (RFC 9728 §3.1). */
  readonly metadataPath: string;
  /** Further paths that {@link handle} answers, for hosts that route by path. Default none. */
  readonly otherPaths?: readonly string[];
  /** Decides one request. Rejects only when the request's `readJson` does. */
  handle(request: GateRequest): Promise<GateDecision>;
  /**
   * Returns whether these scopes are enough for a tool, prompt or resource, for lists that show each client what
   * it may use. True if the rule depends on the arguments. `undefined` is an anonymous caller. It authorizes
   * nothing: {@link handle} does.
   */
  permits(authInfo: { readonly scopes: readonly string[] } | undefined, subject: Subject): boolean;
  /**
   * Ends every open stream, for the shutdown of a server. Its clients reconnect to another instance. Calls in
   * progress continue, and new streams may start.
   */
  endStreams(): void;
  /**
   * Activates another session secret at once. Session ids of the previous secret stay valid for 10 minutes, and
   * each answer with a session id replaces them.
   *
   * @throws {ConfigError} When the secret is too short. The previous secret then stays active.
   */
  replaceSessionSecret(next: Secret): void;
  /** For hosts: reports a failed handler or a wrong mount. */
  readonly report: GateReporter;
}

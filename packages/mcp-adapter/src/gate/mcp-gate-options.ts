/** What a gate is made of, and what it does. */
import type { EventListener, Guard, Secret, TokenExchange } from '@sallyport/core';
import type { PublicDocumentsOptions } from '../metadata/public-documents.ts';
import type { OperationScopes, Subject } from '../scopes/operation.ts';
import type { GateReporter } from './gate-event.ts';
import type { GateDecision, GateRequest } from './gate-request.ts';

/** Options for `createMcpGate`. */
export interface McpGateOptions extends PublicDocumentsOptions {
  /**
   * The public URL of the MCP endpoint, without a trailing slash. It is configuration and never
   * taken from `Host`. Must be the one that the guard's `resourceMetadataUrl` was made from.
   */
  readonly resource: string;
  readonly guard: Guard;
  /** Which scopes each operation needs, besides the guard's `requiredScopes`. */
  readonly scopes: OperationScopes;
  /** Origins whose pages may call this server. Default: none but the resource's own. */
  readonly allowedOrigins?: readonly string[];
  /**
   * Names, without a port, under which requests may come. Default: those of this machine where the
   * resource is on it, and every name elsewhere, since proxies put in their own.
   */
  readonly allowedHosts?: readonly string[];
  /**
   * Largest request body, in bytes. At least 1. Default 1 MiB. A body may hold one JSON value or member
   * name for every 20 bytes of it, and always 50,000.
   */
  readonly maximumBodyBytes?: number;
  /**
   * Makes the session ids of older protocol revisions, so that every instance that has it knows whose
   * session it is. At least 32 bytes. Default: random, for this process alone.
   */
  readonly sessionSecret?: Secret;
  /**
   * How many streams (GET and `subscriptions/listen`) one caller may have open: issuer, subject and
   * client together. Further ones are answered with 429. Keep it below what the server itself takes,
   * which is 1,024 in SDK v2 for all callers. Default 64.
   */
  readonly maximumStreamsPerCaller?: number;
  /** How often the token of an open stream is looked at again, in seconds. Default 60. */
  readonly streamCheckSeconds?: number;
  /**
   * Hands the client's token to tools, as `authInfo.token`. It was issued for this server: no other may
   * be called with it (MCP, "Token Passthrough"). Default false: then it is `[redacted]`.
   */
  readonly exposeToken?: boolean;
  /**
   * Gets tokens for the APIs behind this server, which tools ask for as
   * `authInfo.extra.upstreamToken(target)`. Default none.
   */
  readonly tokenExchange?: TokenExchange;
  /** Receives what an operator should know, as `GateEvent`. Default: events are dropped. */
  readonly onEvent?: EventListener;
  /** Clock, in milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
}

/** The gate of one MCP endpoint. */
export interface McpGate {
  /** The path at which {@link handle} serves the metadata (RFC 9728 §3.1). */
  readonly metadataPath: string;
  /** Decides one request. Rejects only when the request's `readJson` does. */
  handle(request: GateRequest): Promise<GateDecision>;
  /**
   * Whether a call of this tool, or the use of this prompt or resource, could pass with these scopes:
   * for lists that show to each client what it may use. Where a rule looks at the arguments, it could.
   * Letting in is not its job, and {@link handle} does that.
   */
  permits(authInfo: { readonly scopes: readonly string[] } | undefined, subject: Subject): boolean;
  /**
   * Ends every open stream, for a server that stops: their clients come back to another one. Calls under
   * way go on, and new streams may begin.
   */
  endStreams(): void;
  /**
   * Puts another session secret in force at once. Session ids that were made with the one before stay
   * valid for 10 minutes, and each answer with a session id replaces them.
   *
   * @throws {ConfigError} When the secret is too short. The one in force stays so.
   */
  replaceSessionSecret(next: Secret): void;
  /** For hosts: reports that a handler failed, or that the gate is mounted wrongly. */
  readonly report: GateReporter;
}

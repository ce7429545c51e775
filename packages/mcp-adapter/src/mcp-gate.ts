/** Both gates for one MCP endpoint, without a word about any web framework. */
import {
  ConfigError,
  createReporter,
  type EventListener,
  extractCredentials,
  type Guard,
  type Refusal,
  Secret,
  type TokenExchange,
} from '@sallyport/core';
import {
  faultyRequest,
  forbidden,
  handlerFailed,
  type RequestFault,
  serveMetadata,
} from './answers.ts';
import { assertAtLeastOne } from './at-least-one.ts';
import { toAuthInfo } from './auth-info.ts';
import { crossOriginHeaders, preflightHeaders, readOrigins } from './cross-origin.ts';
import { isFetchableAddress } from './fetchable.ts';
import type { GateDecision, GateRequest, JsonBody } from './gate-request.ts';
import { toGuardRequest } from './guard-request.ts';
import { createHostCheck } from './hosts.ts';
import { type BoundsFault, boundValue, maximumNodesOf } from './json-bounds.ts';
import { hasMethod } from './json-member.ts';
import { findMessageFault, type MessageFault } from './json-rpc-message.ts';
import { areMirrored } from './mirrored-fields.ts';
import { createOpenStreams } from './open-streams.ts';
import { type OperationScopes, readOperations, type Subject } from './operation.ts';
import { createPublicDocuments, type PublicDocumentsOptions } from './public-documents.ts';
import { type RequestMethod, readMethod } from './request-method.ts';
import { protectedResourceMetadataUrl } from './resource.ts';
import { createSessionOwners } from './session-owners.ts';
import { openTokenStream } from './token-stream.ts';

// From this revision on there are neither sessions nor batches.
const statelessRevision = '2026-07-28';

/** Options for {@link createMcpGate}. */
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
  /** Is told what an operator should know. What it throws is ignored. Default: nothing is reported. */
  readonly onEvent?: EventListener;
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
}

/**
 * Puts both gates around one MCP endpoint. Everything that reaches {@link McpGate.handle} needs a
 * token, except the metadata addresses and preflights: it wraps a handler, not a path.
 *
 * @throws {ConfigError} When an option is missing, out of range, or does not fit the guard.
 */
export function createMcpGate(options: McpGateOptions): McpGate {
  const { resource, guard, exposeToken = false, tokenExchange, now = Date.now } = options;
  const { maximumBodyBytes = 1_048_576 } = options;
  const { maximumStreamsPerCaller = 64, streamCheckSeconds: checkSeconds = 60 } = options;
  const resourceMetadataUrl = protectedResourceMetadataUrl(resource);
  if (guard.resourceMetadataUrl !== resourceMetadataUrl) {
    throw new ConfigError(
      'gate.resource',
      `the guard was made for other metadata: give it resourceMetadataUrl: protectedResourceMetadataUrl(${JSON.stringify(resource)})`,
    );
  }
  assertAtLeastOne({
    maximumBodyBytes,
    maximumStreamsPerCaller,
    streamCheckSeconds: checkSeconds,
  });
  const metadataPath = new URL(resourceMetadataUrl).pathname;
  const documents = createPublicDocuments(metadataPath, guard, options);
  const ownOrigin = new URL(resource).origin;
  const origins = readOrigins(ownOrigin, options.allowedOrigins);
  const isAllowedHost = createHostCheck(resource, options.allowedHosts);
  const operations = readOperations(options.scopes);
  const report = createReporter(options.onEvent);
  const sessions = createSessionOwners({ secret: options.sessionSecret, report, now });
  const streams = createOpenStreams(maximumStreamsPerCaller);
  const streaming = { guard, streams, checkSeconds, now };
  const maximumNodes = maximumNodesOf(maximumBodyBytes);

  /** Reads the body of a POST, and checks that it is what can be judged. */
  async function readMessage(request: GateRequest): Promise<JsonBody | MessageRefusal> {
    const read = await request.readJson(maximumBodyBytes);
    if (!read.ok) {
      if (read.fault === 'body_consumed') report({ type: 'body_consumed', remedy: parserRemedy });
      return read;
    }
    const fault = findMessageFault(read.value) ?? boundValue(read.value, maximumNodes);
    return fault === undefined ? read : { ok: false, fault };
  }

  async function decide(
    request: GateRequest,
    method: 'GET' | 'POST' | 'DELETE',
    crossOrigin: Record<string, string>,
  ): Promise<GateDecision> {
    const credentials = toGuardRequest(request, ownOrigin);
    const authenticated = await guard.authenticate(credentials);
    if (!authenticated.ok) return refuse(authenticated.refusal, crossOrigin);
    const { principal } = authenticated;
    const headers = { ...crossOrigin, ...authenticated.headers };

    const fault = (name: RequestFault, about?: unknown): GateDecision => ({
      pass: false,
      answer: faultyRequest(name, headers, about),
    });
    if (!isFetchableAddress(request)) return fault('address');
    const isStateless = (request.field('mcp-protocol-version')[0] ?? '') >= statelessRevision;
    let body: unknown;
    if (method === 'POST') {
      const read = await readMessage(request);
      if (!read.ok) return fault(read.fault);
      if (isStateless && Array.isArray(read.value)) return fault('body_is_batch');
      if (!areMirrored(request.field, read.value)) return fault('headers_differ', read.value);
      body = read.value;
    } else if (request.hasBody) {
      return fault('body_unexpected');
    }
    const session = sessions.claim({
      claimed: request.field('mcp-session-id'),
      owner: principal,
      ignoresSession: isStateless || hasMethod(body, 'initialize'),
    });
    if (session.kind === 'unknown') return fault('session_unknown', body);
    // Nothing is begun for nobody, least of all a stream that nobody would end.
    if (request.signal.aborted) return { pass: false, answer: handlerFailed() };
    const operation = body === undefined ? { name: 'stream', scopes: [] } : operations.read(body);
    const authorized = guard.authorize(principal, operation, credentials.trace);
    if (!authorized.ok) return refuse(authorized.refusal, headers);

    const authInfo = toAuthInfo(principal, { resource, resourceMetadataUrl });
    const readToken = () => extractCredentials(credentials, ['Bearer', 'DPoP']).token;
    if (exposeToken) authInfo.token = readToken();
    if (tokenExchange !== undefined) {
      const context = { expiresAt: principal.expiresAt, signal: request.signal };
      authInfo.extra.upstreamToken = (target) =>
        tokenExchange.exchange(new Secret(readToken()), target, context);
    }
    const isStream = method === 'GET' || hasMethod(body, 'subscriptions/listen');
    // The last step: nothing that fails after it may keep the place.
    const lease = isStream
      ? openTokenStream(streaming, { credentials, principal, operation })
      : undefined;
    if (isStream && lease === undefined) return fault('streams_exhausted', body);
    return {
      pass: true,
      authInfo,
      body,
      headers,
      hiddenFields: secretFields,
      sessionId: session.kind === 'own' ? session.serverId : undefined,
      proveSession: sessions.prover(principal),
      ...(lease !== undefined && { lease }),
    };
  }

  return {
    metadataPath,

    async handle(request) {
      const method = readMethod(request.method);
      if (method === undefined) return notAllowed;
      const [path = ''] = request.target.split('?', 1);
      const document = documents.get(path);
      if (document !== undefined) return { pass: false, answer: serveMetadata(method, document) };

      const origin = request.field('origin').join(', ');
      if (!isAllowedHost(request.host)) return { pass: false, answer: forbidden('Host') };
      if (origin !== '' && !origins.has(origin)) {
        return { pass: false, answer: forbidden('Origin') };
      }
      const headers = origin === '' ? {} : crossOriginHeaders(origin);
      if (method === 'OPTIONS' && origin !== '') {
        const wanted = request.field('access-control-request-headers').join(', ');
        const preflight = { ...headers, ...preflightHeaders(wanted) };
        return { pass: false, answer: { status: 204, headers: preflight, body: undefined } };
      }
      return isServed(method) ? decide(request, method, headers) : notAllowed;
    },

    permits(authInfo, subject) {
      if (authInfo === undefined) return false;
      return guard.permits(new Set(authInfo.scopes), operations.certain(subject));
    },

    endStreams: () => streams.end(),
    replaceSessionSecret: (next) => sessions.replaceSecret(next),
  };
}

const notAllowed: GateDecision = { pass: false, answer: faultyRequest('method', {}) };

/** What an MCP endpoint does. The others are for its metadata, and for preflights. */
function isServed(method: RequestMethod): method is 'GET' | 'POST' | 'DELETE' {
  return method === 'GET' || method === 'POST' || method === 'DELETE';
}

const parserRemedy =
  'A body parser that runs before the gate has read the body and left no JSON value. Mount the gate before it.';

/** A body that was read, and is no message. */
interface MessageRefusal {
  readonly ok: false;
  readonly fault: BoundsFault | MessageFault;
}

// Nothing behind the gate needs them, and nothing there should be able to pass them on.
const secretFields: readonly string[] = ['authorization', 'dpop'];

function refuse({ status, headers, body }: Refusal, extra: Record<string, string>): GateDecision {
  const answer = { status, headers: { ...headers, ...extra }, body: JSON.stringify(body) };
  return { pass: false, answer };
}

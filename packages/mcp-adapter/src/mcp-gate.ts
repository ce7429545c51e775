/** Both gates for one MCP endpoint, without a word about any web framework. */
import {
  type Checks,
  ConfigError,
  check,
  checkOptions,
  extractCredentials,
  type Guard,
  type GuardRequest,
  type Operation,
  type Principal,
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
import { toAuthInfo } from './auth-info.ts';
import { crossOriginHeaders, preflightHeaders, readOrigins } from './cross-origin.ts';
import { isFetchableAddress, isFetchableMethod } from './fetchable.ts';
import type { GateDecision, GateRequest } from './gate-request.ts';
import { toGuardRequest } from './guard-request.ts';
import { createHostCheck } from './hosts.ts';
import { isDeeper } from './json-depth.ts';
import { hasMethod } from './json-member.ts';
import { areMirrored } from './mirrored-fields.ts';
import { createOpenStreams } from './open-streams.ts';
import { type OperationScopes, readOperations, type Subject } from './operation.ts';
import { createPublicDocuments, type PublicDocumentsOptions } from './public-documents.ts';
import { protectedResourceMetadataUrl } from './resource.ts';
import { scopeChecks } from './scope-checks.ts';
import { createSessionOwners } from './session-owners.ts';
import type { StreamLease } from './stream-lease.ts';

// Far more than any tool takes, and far less than what schema validators recurse over and die of.
const maximumDepth = 100;
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
  /** Largest request body, in bytes. Default 4 MiB. */
  readonly maximumBodyBytes?: number;
  /** How many sessions of older protocol revisions are remembered. Default 100,000. */
  readonly maximumSessions?: number;
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
}

const optionChecks: Checks<McpGateOptions> = {
  resource: check.text,
  guard: check.guard,
  scopes: check.options(scopeChecks),
  authorizationServers: check.texts,
  resourceName: check.optional(check.text),
  metadataAtRoot: check.optional(check.flag),
  authorizationServerMetadata: check.optional(check.object),
  allowedOrigins: check.optional(check.texts),
  allowedHosts: check.optional(check.texts),
  maximumBodyBytes: check.optional(check.number),
  maximumSessions: check.optional(check.number),
  streamCheckSeconds: check.optional(check.number),
  exposeToken: check.optional(check.flag),
  tokenExchange: check.optional(check.tokenExchange),
  now: check.optional(check.callback),
};

/**
 * Puts both gates around one MCP endpoint. Everything that reaches {@link McpGate.handle} needs a
 * token, except the metadata addresses and preflights: it wraps a handler, not a path.
 *
 * @throws {ConfigError} When an option is missing, out of range, or does not fit the guard.
 */
export function createMcpGate(given: McpGateOptions): McpGate {
  const options = checkOptions('gate', given, optionChecks);
  const { resource, guard, exposeToken = false, tokenExchange, now = Date.now } = options;
  const { maximumBodyBytes = 4 * 1_048_576 } = options;
  const { maximumSessions = 100_000, streamCheckSeconds: checkSeconds = 60 } = options;
  const resourceMetadataUrl = protectedResourceMetadataUrl(resource);
  if (guard.resourceMetadataUrl !== resourceMetadataUrl) {
    throw new ConfigError(
      'gate.resource',
      `the guard was made for other metadata: give it resourceMetadataUrl: protectedResourceMetadataUrl(${JSON.stringify(resource)})`,
    );
  }
  assertAtLeastOne({ maximumBodyBytes, maximumSessions, streamCheckSeconds: checkSeconds });
  const metadataPath = new URL(resourceMetadataUrl).pathname;
  const documents = createPublicDocuments(metadataPath, guard, options);
  const ownOrigin = new URL(resource).origin;
  const origins = readOrigins(ownOrigin, options.allowedOrigins);
  const isAllowedHost = createHostCheck(resource, options.allowedHosts);
  const operations = readOperations(options.scopes);
  const sessions = createSessionOwners(maximumSessions);
  const streams = createOpenStreams();

  async function decide(
    request: GateRequest,
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
    if (!isFetchableMethod(request)) return fault('method');
    const isStateless = (request.field('mcp-protocol-version')[0] ?? '') >= statelessRevision;
    const claimed = request.field('mcp-session-id');
    // Of several, nobody can say which one the server takes.
    const isOwn = claimed.length === 1 && sessions.owns(claimed[0] ?? '', principal);
    if (claimed.length > 0 && !isStateless && !isOwn) return fault('session_unknown');
    let body: unknown;
    if (request.method === 'POST') {
      const read = await request.readJson(maximumBodyBytes);
      if (!read.ok) return fault(read.fault);
      if (isDeeper(read.value, maximumDepth)) return fault('body_too_deep');
      if (isStateless && Array.isArray(read.value)) return fault('body_is_batch');
      if (!areMirrored(request.field, read.value)) return fault('headers_differ', read.value);
      body = read.value;
    }
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
    return {
      pass: true,
      authInfo,
      body,
      headers,
      hiddenFields: isStateless ? [...secretFields, 'mcp-session-id'] : secretFields,
      ...(hasMethod(body, 'initialize') && {
        bindSession: (id: string) => sessions.bind(id, principal),
      }),
      ...((request.method === 'GET' || hasMethod(body, 'subscriptions/listen')) && {
        lease: leaseFor(credentials, principal, operation),
      }),
    };
  }

  /** A stream is open as long as its token would open it again. */
  function leaseFor(
    credentials: GuardRequest,
    principal: Principal,
    operation: Operation,
  ): StreamLease {
    return streams.keep({
      expiresAt: principal.expiresAt,
      checkSeconds,
      now,
      async check() {
        const again = await guard.authenticate({ ...credentials, again: principal });
        if (!again.ok) return again.refusal.status === 401 ? 'ended' : 'undecided';
        return guard.permits(again.principal.scopes, operation) ? again.principal : 'ended';
      },
    });
  }

  return {
    metadataPath,

    async handle(request) {
      const { method } = request;
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
      return decide(request, headers);
    },

    permits(authInfo, subject) {
      if (authInfo === undefined) return false;
      return guard.permits(new Set(authInfo.scopes), operations.certain(subject));
    },

    endStreams: () => streams.end(),
  };
}

// Nothing behind the gate needs them, and nothing there should be able to pass them on.
const secretFields: readonly string[] = ['authorization', 'dpop'];

function refuse({ status, headers, body }: Refusal, extra: Record<string, string>): GateDecision {
  const answer = { status, headers: { ...headers, ...extra }, body: JSON.stringify(body) };
  return { pass: false, answer };
}

function assertAtLeastOne(options: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(options)) {
    if (!(Number.isInteger(value) && value >= 1)) {
      throw new ConfigError(`gate.${name}`, 'must be a whole number of at least 1');
    }
  }
}

/** Both gates for one MCP endpoint, without a word about any web framework. */
import { ConfigError, type Guard, type Refusal, type TraceContext } from '@sallyport/core';
import {
  faultyRequest,
  forbiddenOrigin,
  type GateAnswer,
  type RequestFault,
  serveMetadata,
} from './answers.ts';
import { type AuthInfo, toAuthInfo } from './auth-info.ts';
import { crossOriginHeaders, preflightHeaders } from './cross-origin.ts';
import { isDeeper } from './json-depth.ts';
import { createOperationReader, type OperationScopes } from './operation.ts';
import { writeProtectedResourceMetadata } from './protected-resource-metadata.ts';
import { protectedResourceMetadataUrl } from './resource.ts';

// Far more than any tool takes, and far less than what schema validators recurse over and die of.
const maximumDepth = 100;

/** Options for {@link createMcpGate}. */
export interface McpGateOptions {
  /**
   * The public URL of the MCP endpoint, without a trailing slash. It is configuration and never
   * taken from `Host`. Must be the one that the guard's `resourceMetadataUrl` was made from.
   */
  readonly resource: string;
  /** Exact issuer strings of the authorization servers to trust. At least one. */
  readonly authorizationServers: readonly [string, ...string[]];
  readonly guard: Guard;
  /** Which scopes each operation needs, besides the guard's `requiredScopes`. */
  readonly scopes: OperationScopes;
  /** Origins whose pages may call this server. Default: none but the resource's own. */
  readonly allowedOrigins?: readonly string[];
  /** Largest request body, in bytes. Default 4 MiB. */
  readonly maximumBodyBytes?: number;
  /** A name to show to people, in the metadata. */
  readonly resourceName?: string;
}

/** How reading a body as JSON ended. */
export type JsonBody =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly fault: 'body_too_large' | 'body_not_json' };

/** An HTTP request, as a host presents it. */
export interface GateRequest {
  readonly method: string;
  /** The request target as received: path and query. */
  readonly target: string;
  /** The `Host` field, if any. Nothing is decided by it; what cannot be one is refused. */
  readonly host: string | undefined;
  /** Every `Authorization` field value as received, not joined. */
  readonly authorization: readonly string[];
  /** Every value of the `Origin` field. */
  readonly origin: string | undefined;
  /** The address of the client, for counting failures. */
  readonly clientAddress: string;
  /** For the audit events. `readTraceContext` of `@sallyport/core` makes one of its fields. */
  readonly trace?: TraceContext | undefined;
  /** Aborts when the client has gone. */
  readonly signal: AbortSignal;
  /** Reads the body. Called at most once, and only after the token was found good. */
  readJson(maximumBytes: number): Promise<JsonBody>;
}

/** What the gate decided. */
export type GateDecision =
  | { readonly pass: false; readonly answer: GateAnswer }
  | {
      readonly pass: true;
      readonly authInfo: AuthInfo;
      /** The parsed body of a POST: what was authorized. Hand on this, not the bytes. */
      readonly body: unknown;
      /** To be set on the server's answer, whatever it is. */
      readonly headers: Readonly<Record<string, string>>;
    };

/** The gate of one MCP endpoint. */
export interface McpGate {
  /** The path at which {@link handle} serves the metadata (RFC 9728 §3.1), and its only open one. */
  readonly metadataPath: string;
  /** Decides one request. Rejects only when the request's `readJson` does. */
  handle(request: GateRequest): Promise<GateDecision>;
}

/**
 * Puts both gates around one MCP endpoint. Everything that reaches {@link McpGate.handle} needs a
 * token, except the metadata address and preflights: it wraps a handler, not a path.
 *
 * It does not check `Host`, and it does not end streams when the token expires.
 *
 * @throws {ConfigError} When an option is missing, out of range, or does not fit the guard.
 */
export function createMcpGate(options: McpGateOptions): McpGate {
  const { resource, guard, maximumBodyBytes = 4 * 1_048_576 } = options;
  const resourceMetadataUrl = protectedResourceMetadataUrl(resource);
  if (guard.resourceMetadataUrl !== resourceMetadataUrl) {
    throw new ConfigError(
      'gate.resource',
      `the guard was made for other metadata: give it resourceMetadataUrl: protectedResourceMetadataUrl(${JSON.stringify(resource)})`,
    );
  }
  if (!(Number.isInteger(maximumBodyBytes) && maximumBodyBytes >= 1)) {
    throw new ConfigError('gate.maximumBodyBytes', 'must be a whole number of at least 1');
  }
  const metadata = writeProtectedResourceMetadata({
    ...options,
    scopesSupported: guard.initialScopes,
  });
  const metadataPath = new URL(resourceMetadataUrl).pathname;
  const origins = new Set([new URL(resource).origin, ...(options.allowedOrigins ?? [])]);
  const readOperation = createOperationReader(options.scopes);

  async function decide(
    request: GateRequest,
    headers: Record<string, string>,
  ): Promise<GateDecision> {
    const { authorization, target, clientAddress: clientKey, signal, trace } = request;
    const tokenInQuery = hasTokenInQuery(target);
    const authenticated = await guard.authenticate({
      authorization,
      tokenInQuery,
      clientKey,
      signal,
      trace,
    });
    if (!authenticated.ok) return refuse(authenticated.refusal, headers);

    const fault = (name: RequestFault): GateDecision => ({
      pass: false,
      answer: faultyRequest(name, headers),
    });
    if (!isAddress(request)) return fault('address');
    let body: unknown;
    if (request.method === 'POST') {
      const read = await request.readJson(maximumBodyBytes);
      if (!read.ok) return fault(read.fault);
      if (isDeeper(read.value, maximumDepth)) return fault('body_too_deep');
      body = read.value;
    }
    const operation = body === undefined ? { name: 'stream', scopes: [] } : readOperation(body);
    const authorized = guard.authorize(authenticated.principal, operation, trace);
    if (!authorized.ok) return refuse(authorized.refusal, headers);

    const authInfo = toAuthInfo(authorized.principal, { resource, resourceMetadataUrl });
    return { pass: true, authInfo, body, headers };
  }

  return {
    metadataPath,

    async handle(request) {
      const { method, origin } = request;
      const [path] = request.target.split('?', 1);
      if (path === metadataPath) return { pass: false, answer: serveMetadata(method, metadata) };

      if (origin !== undefined && !origins.has(origin)) {
        return { pass: false, answer: forbiddenOrigin() };
      }
      const headers = origin === undefined ? {} : crossOriginHeaders(origin);
      if (method === 'OPTIONS' && origin !== undefined) {
        const preflight = { ...headers, ...preflightHeaders() };
        return { pass: false, answer: { status: 204, headers: preflight, body: undefined } };
      }
      return decide(request, headers);
    },
  };
}

/** Whether the SDKs can make a URL of it, which they do without a thought for strangers. */
function isAddress({ host = 'localhost', target }: GateRequest): boolean {
  return target.startsWith('/') && URL.canParse(`http://${host}${target}`);
}

function hasTokenInQuery(target: string): boolean {
  const start = target.indexOf('?');
  return start !== -1 && new URLSearchParams(target.slice(start)).has('access_token');
}

function refuse({ status, headers, body }: Refusal, extra: Record<string, string>): GateDecision {
  const answer = { status, headers: { ...headers, ...extra }, body: JSON.stringify(body) };
  return { pass: false, answer };
}

/** Between `node:http` and the gate. What the hosts on top of it share. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { decodeBuffer } from '../body/decode-buffer.ts';
import { sendContinue } from '../body/expect-continue.ts';
import { parseJsonBody, takeParsedBody } from '../body/json-body.ts';
import { outlastUpload } from '../body/refused-upload.ts';
import { readBytes } from '../body/request-bytes.ts';
import type { AuthInfo } from '../caller/auth-info.ts';
import { clientAddress } from '../client-address/client-address.ts';
import { hasProxyField } from '../client-address/proxy-fields.ts';
import type { Admitted, GateRequest, JsonBody, ParseBody } from '../gate/gate-request.ts';
import type { McpGate } from '../gate/mcp-gate-options.ts';
import { type GateAnswer, handlerFailed } from '../gate/transport-answers.ts';
import { readAuthority } from '../headers/authority.ts';
import { hideFields, isNamed } from '../headers/hidden-fields.ts';
import { presentSession, replaceSession } from '../sessions/session-field.ts';
import { endWithLease } from '../streams/stream-end.ts';
import { readDistinctFields } from './distinct-fields.ts';

/** A request that passed: `auth` is where both SDK lines look for it. */
export type GatedRequest = IncomingMessage & {
  /** `undefined`: the caller is anonymous. */
  auth?: AuthInfo;
  // Every request that a server receives has both.
  method: string;
  url: string;
};

/** A request of `node:http` or `node:http2`, with what frameworks add to it. */
export type HostRequest = IncomingMessage & {
  /** What a body parser in front of the gate has made of the body. */
  body?: unknown;
  originalUrl?: string;
};

export function presentRequest(
  request: HostRequest,
  response: ServerResponse,
  trustedProxyHops: number,
): GateRequest {
  const abort = new AbortController();
  response.on('close', () => {
    // After the answer nothing waits any more, and an abort is expensive. On HTTP/2, `writableFinished` is true
    // also where the client has left.
    if (!response.writableEnded) abort.abort();
  });
  return {
    method: request.method ?? 'GET',
    target: request.originalUrl ?? request.url ?? '/',
    host: hasWebScheme(request) ? readHost(request) : undefined,
    field: (name) => valuesOf(request, name),
    clientAddress: clientAddress({
      socketAddress: request.socket.remoteAddress,
      forwardedFor: trustedProxyHops === 0 ? [] : valuesOf(request, 'x-forwarded-for'),
      forwarded: trustedProxyHops === 0 ? [] : valuesOf(request, 'forwarded'),
      trustedProxyHops,
    }),
    ignoresForwarded:
      trustedProxyHops === 0 && hasProxyField((name) => request.headers[name] !== undefined),
    signal: abort.signal,
    hasBody: hasBody(request),
    // The gate reads an unread body itself, even if a parser has set `body`.
    readJson: async (maximumBytes, options) => {
      // A client that left ends its body, too.
      abort.signal.throwIfAborted();
      // A parser that found an empty body has read no data, but the end.
      if (request.readableDidRead || request.readableEnded) {
        return takeParsedBody(readBodyProperty(request), request.headers['content-type']);
      }
      if (Number(request.headers['content-length'] ?? 0) > maximumBytes) {
        return tooLarge;
      }
      sendContinue(request, response);
      const { stop, parse = parseDecoded } = options ?? {};
      const bytes = await readBytes(request, maximumBytes, stop);
      return bytes === undefined ? tooLarge : parse(bytes, maximumBytes);
    },
  };
}

function readHost(request: IncomingMessage): string | undefined {
  return readAuthority(
    valuesOf(request, 'host'),
    valuesOf(request, ':authority'),
    'encrypted' in request.socket ? 'https' : 'http',
  );
}

/** Clients of HTTP/2 can write any text into `:scheme`, such as the token. */
function hasWebScheme(request: IncomingMessage): boolean {
  return valuesOf(request, ':scheme').every((scheme) => /^https?$/i.test(scheme));
}

/** HTTP/2 announces a body by leaving the stream open after the header fields. */
function hasBody(request: IncomingMessage & { stream?: { endAfterHeaders?: boolean } }): boolean {
  const { headers, stream } = request;
  if (stream?.endAfterHeaders !== undefined) return !stream.endAfterHeaders;
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** Every field of this name: of some names, `headers` has the first only. */
function valuesOf({ headers, rawHeaders }: IncomingMessage, name: string): readonly string[] {
  if (headers[name] === undefined) return [];
  const values: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (isNamed(rawHeaders[index], name)) values.push(rawHeaders[index + 1] ?? '');
  }
  return values;
}

/** Writes an answer, also to a client that is still sending its body. */
export function writeAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: GateAnswer,
): void {
  outlastUpload(request, response);
  const length = body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) };
  response.writeHead(status, { ...headers, ...length });
  response.end(body);
}

/**
 * Prepares a request that passed for the handler behind the gate, which never sees the token. Its
 * `body` is the value that the gate checked, even if a parser had set another one.
 *
 * @returns `undefined`: the request cannot be prepared, such as one with frozen fields. It was answered with 503.
 */
export function admit(
  gate: McpGate,
  request: HostRequest,
  response: ServerResponse,
  admitted: Admitted,
): GatedRequest | undefined {
  try {
    return prepare(request, response, admitted);
  } catch (error) {
    gate.report.gateFailed(error);
    writeAnswer(request, response, handlerFailed());
    return undefined;
  }
}

function prepare(request: HostRequest, response: ServerResponse, admitted: Admitted): GatedRequest {
  const { authInfo, body, headers, sessionId, proveSession, lease } = admitted;
  // First: if a later step throws, the end of the response still gives the place back.
  if (lease !== undefined) endWithLease(response, lease);
  const distinct = readDistinctFields(request);
  hideFields(request, admitted, distinct);
  presentSession(request, sessionId, distinct);
  replaceBody(request, body);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  replaceSession(response, proveSession);
  // Also `undefined` is set: what other middleware made of an anonymous caller must not stay.
  return Object.assign(request, { auth: authInfo }) as GatedRequest;
}

/** Some platforms make `body` a getter that parses, and throws where the client sent no JSON. */
function readBodyProperty(request: HostRequest): unknown {
  try {
    return request.body;
  } catch {
    return undefined;
  }
}

/** A plain property: a getter could give the handler another value than the one that was checked. */
function replaceBody(request: HostRequest, body: unknown): void {
  if (body === undefined && !('body' in request)) return;
  const plain = { value: body, writable: true, enumerable: true, configurable: true };
  Object.defineProperty(request, 'body', plain);
}

const tooLarge: JsonBody = { ok: false, fault: 'body_too_large' };
const parseDecoded: ParseBody = (bytes, maximumBytes) =>
  parseJsonBody(bytes, maximumBytes, decodeBuffer);

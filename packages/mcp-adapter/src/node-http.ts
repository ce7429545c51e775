/** Between `node:http` and the gate. What the hosts on top of it share. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GateAnswer } from './answers.ts';
import type { AuthInfo } from './auth-info.ts';
import type { GateDecision, GateRequest, JsonBody } from './mcp-gate.ts';

/** A request that passed: `auth` is where both SDK lines look for it. */
export type GatedRequest = IncomingMessage & {
  auth: AuthInfo;
  // Every request that a server receives has both.
  method: string;
  url: string;
};

// A refused upload below this is read and dropped, so that the connection can be used again.
const drainedBytes = 65_536;

/** @param parsed Says what a body parser in front of the gate has made of the body, if any. */
export function presentRequest(
  request: IncomingMessage & { originalUrl?: string },
  response: ServerResponse,
  parsed?: { readonly body: unknown },
): GateRequest {
  const abort = new AbortController();
  response.once('close', () => abort.abort());
  return {
    method: request.method ?? 'GET',
    target: request.originalUrl ?? request.url ?? '/',
    host: request.headers.host,
    authorization: request.headersDistinct['authorization'] ?? [],
    origin: request.headersDistinct['origin']?.join(', '),
    clientAddress: request.socket.remoteAddress ?? 'unknown',
    signal: abort.signal,
    readJson: async (maximumBytes) =>
      parsed === undefined
        ? await readJson(request, maximumBytes)
        : { ok: true, value: parsed.body },
  };
}

/** Writes an answer, and does not let a refused upload run on. */
export function writeAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: GateAnswer,
): void {
  const announced = Number(request.headers['content-length'] ?? 0);
  const endless = request.headers['transfer-encoding'] !== undefined;
  if (!request.complete && (endless || announced > drainedBytes)) {
    response.setHeader('Connection', 'close');
  }
  const length = body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) };
  response.writeHead(status, { ...headers, ...length });
  response.end(body);
}

/** Prepares a request that passed for the handler behind the gate, which never sees the token. */
export function admit(
  request: IncomingMessage,
  response: ServerResponse,
  { authInfo, headers }: GateDecision & { pass: true },
): GatedRequest {
  delete request.headers['authorization'];
  delete request.headersDistinct['authorization'];
  // The SDKs rebuild the headers from the raw list.
  const { rawHeaders } = request;
  for (let index = rawHeaders.length - 2; index >= 0; index -= 2) {
    if (rawHeaders[index]?.toLowerCase() === 'authorization') rawHeaders.splice(index, 2);
  }
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  return Object.assign(request as GatedRequest, { auth: authInfo });
}

async function readJson(request: IncomingMessage, maximumBytes: number): Promise<JsonBody> {
  if (Number(request.headers['content-length'] ?? 0) > maximumBytes) {
    return { ok: false, fault: 'body_too_large' };
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Without `destroyOnReturn: false`, leaving the loop would close the socket under the answer.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    bytes += chunk.length;
    if (bytes > maximumBytes) return { ok: false, fault: 'body_too_large' };
    chunks.push(chunk);
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false, fault: 'body_not_json' };
  }
}

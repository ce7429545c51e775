/** Between the Fetch API and the gate. What the hosts on top of it share. */

import { parseJsonBody } from '../body/json-body.ts';
import { namesOtherClients } from '../client-address/proxy-fields.ts';
import type { Admitted, GateRequest, JsonBody, ReadOptions } from '../gate/gate-request.ts';
import type { GateAnswer } from '../gate/transport-answers.ts';
import { hostnameOf } from '../headers/allowed-hosts.ts';
import { readAuthority, type Scheme } from '../headers/authority.ts';
import { isHidden } from '../headers/hidden-fields.ts';
import type { StreamLease } from '../streams/stream-lease.ts';

const sessionField = 'Mcp-Session-Id';

/**
 * A request, as the gate wants it.
 *
 * @param clientAddress As `readGivenAddress` found it.
 */
export function presentFetchRequest(
  request: Request,
  clientAddress: string,
  resource: string,
): GateRequest {
  const { method, headers, signal } = request;
  const { host, pathname, search, protocol } = readUrl(request, resource);
  const named = headers.get('Host');
  return {
    method,
    target: pathname + search,
    // Several fields are joined by a comma here, and no host has one in it.
    host: readAuthority(named === null ? [] : [named], [host], schemeOf(protocol)),
    // Several fields are one here, joined by commas: no token has one in it.
    field(name) {
      const value = headers.get(name);
      return value === null ? [] : [value];
    },
    clientAddress,
    ignoresForwarded: namesOtherClients(request, clientAddress),
    signal,
    hasBody: headers.has('Transfer-Encoding') || Number(headers.get('Content-Length') ?? 0) > 0,
    readJson: (maximumBytes, options) => readJson(request, maximumBytes, options),
  };
}

/**
 * Reads the URL that the client asked for. Next.js puts the address of its own server there. So if `Host` names
 * the public host of the resource, it replaces that address, for the gate and for the handler. Any other `Host`
 * must equal the URL.
 */
function readUrl({ url, headers }: Request, resource: string): URL {
  const read = new URL(url);
  const named = headers.get('Host') ?? '';
  const { hostname } = new URL(resource);
  if (hostnameOf(named) === hostname && read.hostname !== hostname) {
    read.port = '';
    read.host = named;
  }
  return read;
}

function schemeOf(protocol: string): Scheme {
  return protocol === 'https:' ? 'https' : 'http';
}

/** Creates the request for the handler: the same request without its body, which the gate has read. */
export function admitRequest(request: Request, admitted: Admitted, resource: string): Request {
  const { method, headers, signal } = request;
  const others = new Headers(headers);
  for (const [name, value] of headers) {
    if (isHidden(admitted, name, value)) others.delete(name);
  }
  others.delete(sessionField);
  if (admitted.sessionId !== undefined) others.set(sessionField, admitted.sessionId);
  return new Request(readUrl(request, resource), { method, headers: others, signal });
}

/** An answer of the gate. */
export function toResponse({ status, headers, body }: GateAnswer): Response {
  return new Response(body ?? null, { status, headers });
}

/** The answer of what is behind the gate, with what the gate has to add and to watch. */
export function finishResponse(
  response: Response,
  { headers, proveSession, lease }: Admitted,
): Response {
  const serverId = response.headers.get(sessionField);
  const added = Object.entries(headers);
  const isWatched = lease !== undefined && (!lease.isOfCall || isEventStream(response));
  const body = isWatched ? endWith(response.body, lease) : response.body;
  if (added.length === 0 && body === response.body && serverId === null) return response;
  // Those of a response that was fetched cannot be changed.
  const own = new Response(body, response);
  for (const [name, value] of added) {
    if (name === 'Vary') own.headers.append(name, value);
    else own.headers.set(name, value);
  }
  if (serverId !== null) replaceSession(own.headers, proveSession(serverId));
  return own;
}

function isEventStream({ headers }: Response): boolean {
  return headers.get('Content-Type')?.toLowerCase().startsWith('text/event-stream') === true;
}

function replaceSession(headers: Headers, id: string | undefined): void {
  if (id === undefined) headers.delete(sessionField);
  else headers.set(sessionField, id);
}

/** The same stream, which also ends when the lease does. */
function endWith(
  body: ReadableStream<Uint8Array> | null,
  lease: StreamLease,
): ReadableStream<Uint8Array> | null {
  if (body === null) {
    lease.release();
    return null;
  }
  const reader = body.getReader();
  let stop = () => {};
  return new ReadableStream<Uint8Array>({
    start(controller) {
      stop = lease.watch(() => {
        controller.close();
        void reader.cancel().catch(() => {});
      });
    },
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (!done) return controller.enqueue(value);
        stop();
        controller.close();
      } catch (error) {
        // What has failed must not be closed any more.
        stop();
        throw error;
      }
    },
    async cancel(reason) {
      stop();
      await reader.cancel(reason);
    },
  });
}

async function readJson(
  request: Request,
  maximumBytes: number,
  { stop, parse = parseJsonBody }: ReadOptions = {},
): Promise<JsonBody> {
  if (Number(request.headers.get('Content-Length') ?? 0) > maximumBytes) {
    return { ok: false, fault: 'body_too_large' };
  }
  // Its bytes are gone, and what came of them is not known here.
  if (request.bodyUsed) return { ok: false, fault: 'body_consumed' };
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = request.body?.getReader();
  stop?.addEventListener('abort', () => {
    try {
      // The read that waits rejects, and the client still gets an answer.
      reader?.releaseLock();
    } catch {
      // Some runtimes keep the lock while a read waits.
      void reader?.cancel().catch(() => {});
    }
  });
  for (let read = await reader?.read(); read?.done === false; read = await reader?.read()) {
    length += read.value.byteLength;
    if (length > maximumBytes) {
      // Cancelling would close the connection of a client that is still sending, before it has the answer.
      reader?.releaseLock();
      return { ok: false, fault: 'body_too_large' };
    }
    chunks.push(read.value);
  }
  return parse(join(chunks, length), maximumBytes);
}

function join(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}

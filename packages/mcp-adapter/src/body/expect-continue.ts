/** Sends `100 Continue` only when the body is read (RFC 9110 §10.1.1). */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/** What Node.js publishes for each HTTP/1.1 request, before it handles `Expect`. */
interface RequestStart {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly server: Server;
}

type DiagnosticsChannel = typeof import('node:diagnostics_channel');

const channel = 'http.server.request.start';

/**
 * Delays `100 Continue` for every HTTP/1.1 server of this process until its request is first read. Node.js
 * sends it before the handler runs, so a client without a token would send its body for nothing.
 *
 * Servers that have a `checkContinue` listener decide themselves. On other runtimes nothing happens.
 */
export function delayContinue(): void {
  const { process } = globalThis as { process?: NodeJS.Process };
  const diagnostics = process?.getBuiltinModule?.('node:diagnostics_channel') as
    | DiagnosticsChannel
    | undefined;
  // One subscription is enough, however many gates there are.
  diagnostics?.unsubscribe(channel, onRequestStart);
  diagnostics?.subscribe(channel, onRequestStart);
}

function onRequestStart(message: unknown): void {
  const { request, response, server } = message as RequestStart;
  if (request.headers.expect === undefined || server.listenerCount('checkContinue') > 0) return;
  const sendContinue = response.writeContinue.bind(response);
  const read = request._read;
  let isWanted = false;
  response.writeContinue = () => {
    isWanted = true;
  };
  request._read = (size) => {
    request._read = read;
    response.writeContinue = sendContinue;
    if (isWanted && !response.headersSent) sendContinue();
    read.call(request, size);
  };
}

/**
 * Sends `100 Continue` before the gate reads a body, where a server leaves it to its `checkContinue`
 * listener: `server.on('checkContinue', nodeGate(gate, handler))`. HTTP/2 servers need that listener.
 */
export function sendContinue(request: IncomingMessage, response: ServerResponse): void {
  if (request.headers.expect?.toLowerCase() !== '100-continue') return;
  const { _sent100, stream } = response as {
    _sent100?: boolean;
    stream?: { sentInfoHeaders?: readonly unknown[] };
  };
  const isSent = _sent100 === true || (stream?.sentInfoHeaders?.length ?? 0) > 0;
  if (!isSent && !response.headersSent) response.writeContinue();
}

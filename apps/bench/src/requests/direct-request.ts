/** A request to a server of `node:http` without a network: all that is measured is the server. */
import { IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

// As much as a socket usually reads at once.
const chunkBytes = 65_536;

/** Sends a body with the token, and resolves with the status of the answer. */
export function sendDirectly(server: Server, token: string, body: Buffer): Promise<number> {
  const socket = Object.assign(createSink(), { remoteAddress: '203.0.113.7' }) as unknown as Socket;
  const request = new IncomingMessage(socket);
  const fields = {
    host: '127.0.0.1',
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'content-length': `${body.length}`,
    accept: 'application/json, text/event-stream',
  };
  Object.assign(request, { method: 'POST', url: '/mcp', headers: fields });
  request.rawHeaders.push(...Object.entries(fields).flat());
  const response = new ServerResponse(request);
  response.assignSocket(socket);
  const status = new Promise<number>((resolve) => {
    response.once('finish', () => {
      // As a server of node:http ends a request. Without it the gate keeps each request as an open one.
      response.detachSocket(socket);
      response.emit('close');
      request.destroy();
      resolve(response.statusCode);
    });
  });
  server.emit('request', request, response);
  for (const chunk of splitBody(body)) request.push(chunk);
  request.complete = true;
  request.push(null);
  return status;
}

/** The chunks in which a body arrives. */
export function splitBody(body: Buffer): readonly Buffer[] {
  return Array.from({ length: Math.ceil(body.length / chunkBytes) }, (_, index) =>
    body.subarray(index * chunkBytes, (index + 1) * chunkBytes),
  );
}

function createSink(): Duplex {
  return new Duplex({
    read() {},
    write(_chunk, _encoding, done) {
      done();
    },
  });
}

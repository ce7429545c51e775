/** Sends attempts over real connections that are used again. */
import { Agent, request as sendHttp1 } from 'node:http';
import { connect, constants } from 'node:http2';
import type { AddressInfo, Server } from 'node:net';
import type { Attempt } from './requests.ts';

export interface Sender {
  /** The status of the answer. Rejects when there is none in time. */
  send(attempt: Attempt, token: string): Promise<number>;
  close(): Promise<void>;
}

// A request that is never answered fails the test. Nothing here takes a tenth of it.
const longestWaitMs = 20_000;

export function openSender(server: Server, http: 1 | 2): Sender {
  const { port } = server.address() as AddressInfo;
  return http === 1 ? openHttp1(port) : openHttp2(port);
}

function openHttp1(port: number): Sender {
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  return {
    send: ({ method, path, headers, body }, token) =>
      new Promise((resolve, reject) => {
        const length = body === undefined ? {} : { 'Content-Length': body.length };
        const request = sendHttp1(
          {
            agent,
            host: '127.0.0.1',
            port,
            method,
            path,
            headers: { ...headers, ...length, Authorization: `Bearer ${token}` },
            timeout: longestWaitMs,
          },
          (response) => {
            resolve(response.statusCode ?? 0);
            // A stream of events would not end by itself.
            if (response.headers['content-type'] === 'text/event-stream') response.destroy();
            else response.resume();
          },
        );
        request.once('timeout', () => request.destroy(new Error('no answer')));
        request.once('error', reject);
        request.end(body);
      }),
    async close() {
      agent.destroy();
    },
  };
}

function openHttp2(port: number): Sender {
  const session = connect(`http://127.0.0.1:${port}`);
  return {
    async send({ method, path, headers, body }, token) {
      const fields = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
      const stream = session.request(
        {
          ...Object.fromEntries(fields),
          ':method': method,
          ':path': path,
          authorization: `Bearer ${token}`,
        },
        { endStream: body === undefined },
      );
      stream.setTimeout(longestWaitMs, () => stream.close(constants.NGHTTP2_CANCEL));
      stream.on('error', () => {});
      if (body !== undefined) stream.end(body);
      const status = await new Promise<number>((resolve) => {
        stream.once('response', (answer) => resolve(Number(answer[':status'])));
        // The HTTP/2 layer of the server has refused it: that is an answer as well.
        stream.once('close', () => resolve(0));
      });
      // A stream of events would not end by itself.
      stream.close(constants.NGHTTP2_CANCEL);
      return status;
    },
    async close() {
      session.close();
    },
  };
}

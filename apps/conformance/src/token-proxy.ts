import { createServer, type Server, request as send } from 'node:http';

/** Forwards everything as it comes, with a token: the suite itself signs in nowhere. */
export function createTokenProxy(target: () => number, token: () => string): Server {
  return createServer((request, response) => {
    const { method, url, headers } = request;
    const forwarded = send({
      host: '127.0.0.1',
      port: target(),
      method,
      path: url,
      headers: { ...headers, authorization: `Bearer ${token()}` },
    });
    forwarded.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(response);
      // A stream that has begun must be seen to have begun.
      response.flushHeaders();
    });
    forwarded.on('error', () => response.destroy());
    response.on('close', () => forwarded.destroy());
    request.pipe(forwarded);
  });
}

/** The key set for upstreams. It is public: it holds no secret. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { keySetSeconds } from './assertion-keys.ts';

/** Where {@link createKeySetHandler} answers. */
export const keySetPath = '/.well-known/sallyport-assertion-keys.json';

/** @returns A function that answers requests for {@link keySetPath}, and returns `false` for all others. */
export function createKeySetHandler(
  keySet: () => string,
): (request: IncomingMessage, response: ServerResponse) => boolean {
  return (request, response) => {
    if (request.url?.split('?', 1)[0] !== keySetPath) return false;
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { Allow: 'GET, HEAD' }).end();
      return true;
    }
    const body = keySet();
    response.writeHead(200, {
      'Cache-Control': `public, max-age=${keySetSeconds}`,
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(body),
    });
    response.end(request.method === 'HEAD' ? undefined : body);
    return true;
  };
}

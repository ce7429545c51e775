import type { IncomingMessage } from 'node:http';
import type { OpenCandidate } from './open-paths.ts';

/** A request of `node:http` or `node:http2`, with what frameworks add to it. */
export type RoutedRequest = IncomingMessage & {
  readonly originalUrl?: string;
  /** Express: the path below which the current router is mounted. */
  readonly baseUrl?: string;
};

/** A request of Node.js, as {@link OpenCandidate}. */
export function presentNodeRequest(request: RoutedRequest): OpenCandidate {
  const { method, url = '', originalUrl = url, baseUrl = '', headers } = request;
  // Middleware in front may have rewritten what routers go by.
  const routed = baseUrl === '' ? url : baseUrl + (url === '/' ? '' : url);
  return {
    method,
    targets: [originalUrl, routed === '' ? '/' : routed],
    has: (name) => headers[name] !== undefined,
    accept: headers.accept ?? '',
  };
}

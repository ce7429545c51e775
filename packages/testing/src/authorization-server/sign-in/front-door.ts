import type { IncomingMessage, ServerResponse } from 'node:http';
import { applyFault, type Fault } from '../faults.ts';
import { toAsciiAuthorization } from '../registration.ts';
import { isCrossSite } from './cross-site.ts';

/** Stands before the provider: counts requests, and lets them fail on demand. */
export interface FrontDoor {
  answer(request: IncomingMessage, response: ServerResponse): void;
  hits(path: string): number;
  fault(path: string, fault: Fault): void;
  clearFaults(): void;
}

/** What a front door needs. */
export interface FrontDoorOptions {
  /** Answers a request as it should be. */
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
  /** Ends what is delayed. */
  readonly signal: AbortSignal;
  /** Receives unexpected failures. */
  readonly onError: (error: unknown) => void;
}

// Beyond so many paths, a scanner is at work and not a test.
const maxPaths = 10_000;

/** Creates the front door of one server. */
export function createFrontDoor({ handle, signal, onError }: FrontDoorOptions): FrontDoor {
  const counts = new Map<string, number>();
  const faults = new Map<string, Fault>();

  return {
    answer(request, response) {
      const [path = '/'] = (request.url ?? '/').split('?', 1);
      if (counts.has(path) || counts.size < maxPaths) counts.set(path, (counts.get(path) ?? 0) + 1);
      if (!isLoopback(request.headers.host)) {
        // A name that an attacker has pointed at us would make this server same-origin with a
        // page of theirs (DNS rebinding).
        response.writeHead(421).end();
        return;
      }
      if (isCrossSite(request)) {
        response.writeHead(403, { 'Content-Type': 'text/plain', Vary: 'Origin' });
        response.end('This server for tests answers to pages of this machine only.\n');
        return;
      }
      const { authorization } = request.headers;
      if (authorization !== undefined) {
        request.headers.authorization = toAsciiAuthorization(authorization);
      }
      const fault = faults.get(path);
      if (fault === undefined) {
        handle(request, response);
        return;
      }
      applyFault(fault, { request, response, handle, signal }).catch((error: unknown) => {
        if (!signal.aborted) onError(error);
        request.socket.destroy();
      });
    },

    hits: (path) => counts.get(path) ?? 0,
    fault: (path, fault) => void faults.set(path, fault),
    clearFaults: () => faults.clear(),
  };
}

function isLoopback(host = ''): boolean {
  return /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i.test(host);
}

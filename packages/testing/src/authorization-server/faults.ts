import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** What goes wrong at a path. */
export type Fault =
  /** Answers this, and nothing happens behind it. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  /** Answers as usual, but later. */
  | { readonly kind: 'delay'; readonly milliseconds: number }
  /** Never answers, and keeps the connection open. */
  | { readonly kind: 'hang' }
  /** Closes the connection without an answer. */
  | { readonly kind: 'reset' }
  /** Answers as usual, and closes the connection after so many bytes of the body. */
  | { readonly kind: 'cut'; readonly afterBytes: number };

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Answers a request wrongly.
 *
 * @param handle Answers it correctly.
 * @param signal Ends a delay, and with it the request.
 */
export async function applyFault(
  fault: Fault,
  { request, response, handle, signal }: FaultyExchange,
): Promise<void> {
  switch (fault.kind) {
    case 'status':
      response.writeHead(fault.status, fault.headers).end(fault.body);
      return;
    case 'delay':
      await sleep(fault.milliseconds, undefined, { signal });
      handle(request, response);
      return;
    case 'hang':
      return;
    case 'reset':
      request.socket.destroy();
      return;
    case 'cut':
      cutBody(response, fault.afterBytes);
      handle(request, response);
      return;
  }
}

/** A request with a fault, and what it takes to answer it. */
export interface FaultyExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly handle: Handler;
  readonly signal: AbortSignal;
}

function cutBody(response: ServerResponse, afterBytes: number): void {
  const write = response.write.bind(response);
  // Koa ends a response with its whole body, and has announced the length by then.
  response.end = (body?: unknown) => {
    const bytes = Buffer.from(typeof body === 'string' || body instanceof Uint8Array ? body : '');
    response.flushHeaders();
    write(bytes.subarray(0, afterBytes), () => response.socket?.destroy());
    return response;
  };
}

/** Answers that do not come from the gate: of `/health`, and of a server that starts or stops. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isSending } from './connections.ts';
import type { Health, LifecycleState } from './lifecycle.ts';

const status = {
  starting: 'starting',
  ready: 'ok',
  grace: 'draining',
  draining: 'draining',
  closed: 'draining',
} as const satisfies Record<LifecycleState, string>;

const retryAfterSeconds = 1;
// If the whole body is read, the connection stays usable. The connection of a longer body is cut.
const longestBodyBytes = 1_048_576;
const longestBodyMs = 300;

/** 200 while the server is ready and can do its work, else 503: load balancers then send nothing new. */
export async function answerHealth(
  response: ServerResponse,
  state: LifecycleState,
  checkHealth: (() => Promise<Health>) | undefined,
): Promise<void> {
  if (state !== 'ready') return write(response, 503, { status: status[state] });
  const { isAvailable, reason } = (await checkHealth?.().catch(() => unknown)) ?? available;
  if (isAvailable) return write(response, 200, { status: status.ready });
  write(response, 503, { status: 'unavailable', ...(reason !== undefined && { reason }) });
}

const available: Health = { isAvailable: true };
const unknown: Health = { isAvailable: false };

/** For requests that come too early or too late. The token is not validated. */
export function answerUnavailable(
  request: IncomingMessage,
  response: ServerResponse,
  state: LifecycleState,
): void {
  const verb = state === 'starting' ? 'starting' : 'stopping';
  afterBody(request, () => {
    if (state !== 'starting') response.setHeader('Connection', 'close');
    write(response, 503, {
      error: 'temporarily_unavailable',
      error_description: `The server is ${verb}`,
    });
  });
}

function write(response: ServerResponse, code: number, body: Record<string, string>): void {
  const text = JSON.stringify(body);
  response.writeHead(code, {
    'Cache-Control': 'no-store',
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
    ...(code === 503 && { 'Retry-After': String(retryAfterSeconds) }),
  });
  response.end(text);
}

/** An answer before the end of a body may be lost: the connection is reset while the client sends. */
function afterBody(request: IncomingMessage, answer: () => void): void {
  if (!isSending(request)) {
    answer();
    return;
  }
  let bytes = 0;
  const finish = () => {
    clearTimeout(timer);
    request.off('data', count).off('end', finish).off('close', finish);
    answer();
  };
  const count = (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > longestBodyBytes) finish();
  };
  const timer = setTimeout(finish, longestBodyMs);
  request.on('data', count).on('end', finish).on('close', finish);
}

/** What stands behind the gate of a host under test: it begins sessions, and keeps streams open. */
import type { IncomingMessage, ServerResponse } from 'node:http';

export const sessionId = 'session-1';

const isStream = (method: string | undefined, body: unknown, accept: string | undefined) =>
  accept === 'text/event-stream' &&
  (method === 'GET' || (body as { method?: string } | undefined)?.method !== 'initialize');

const begins = (body: unknown) =>
  (body as { method?: string } | undefined)?.method === 'initialize'
    ? { 'Mcp-Session-Id': sessionId }
    : {};

/** Writes on as long as it is not told to stop. */
const everyMilliseconds = 20;

export function answerOnNode(
  request: Pick<IncomingMessage, 'method' | 'headers'>,
  response: ServerResponse,
  body: unknown,
): void {
  if (!isStream(request.method, body, request.headers.accept)) {
    response.writeHead(200, { 'Content-Type': 'text/plain', ...begins(body) }).end('reached');
    return;
  }
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  response.write(': open\n\n');
  const timer = setInterval(() => response.write(': more\n\n'), everyMilliseconds);
  response.once('close', () => clearInterval(timer));
}

export function answerOnFetch({ method, headers }: Request, body: unknown): Response {
  if (!isStream(method, body, headers.get('accept') ?? undefined)) {
    return new Response('reached', { headers: begins(body) });
  }
  let timer: ReturnType<typeof setInterval>;
  const text = new TextEncoder();
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(text.encode(': open\n\n'));
      timer = setInterval(() => controller.enqueue(text.encode(': more\n\n')), everyMilliseconds);
    },
    cancel: () => clearInterval(timer),
  });
  return new Response(stream, { headers: { 'Content-Type': 'text/event-stream' } });
}

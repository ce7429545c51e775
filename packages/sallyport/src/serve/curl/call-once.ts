/** One message in a session that begins and ends with it. */
import type { GatedRequest } from '@sallyport/mcp-adapter/node';
import type { Upstream } from '@sallyport/proxy';
import { type CapturedAnswer, CapturedResponse } from './captured-response.ts';

/** What became of the message. */
export interface CallOutcome {
  readonly status: number;
  readonly result?: unknown;
  readonly error?: unknown;
}

// Every SDK of the last two years speaks it.
const protocolVersion = '2025-06-18';

/** Begins a session for the caller, sends the message, and ends the session. */
export async function callOnce(
  { handle }: Pick<Upstream, 'handle'>,
  request: GatedRequest,
  message: object,
): Promise<CallOutcome> {
  const send = async (
    body: unknown,
    sessionId?: string,
    method = 'POST',
  ): Promise<CapturedAnswer> => {
    const own = imitate(request, method, sessionId);
    const response = new CapturedResponse(own);
    await handle(own, response, body);
    return response.answer;
  };
  const begun = await send({
    jsonrpc: '2.0',
    id: 0,
    method: 'initialize',
    params: {
      protocolVersion,
      capabilities: {},
      clientInfo: { name: 'sallyport-curl', version: '1.0.0' },
    },
  });
  if (begun.status !== 200) return read(begun);
  await send({ jsonrpc: '2.0', method: 'notifications/initialized' }, begun.sessionId);
  const answer = await send(message, begun.sessionId);
  if (begun.sessionId !== undefined) await send(undefined, begun.sessionId, 'DELETE');
  return read(answer);
}

/** The same caller, with the fields of an MCP client. */
function imitate(
  request: GatedRequest,
  method: string,
  sessionId: string | undefined,
): GatedRequest {
  const headers = {
    accept: 'application/json, text/event-stream',
    ...(method === 'POST' && { 'content-type': 'application/json' }),
    ...(sessionId !== undefined && {
      'mcp-session-id': sessionId,
      'mcp-protocol-version': protocolVersion,
    }),
  };
  return Object.create(request, {
    method: { value: method },
    headers: { value: headers },
    auth: { value: request.auth },
  }) as GatedRequest;
}

/** The answer is JSON, or a stream of events of which the last is the response. */
function read({ status, text }: CapturedAnswer): CallOutcome {
  const events = [...text.matchAll(/^data: ?(.*)$/gm)].map(([, data = '']) => data);
  for (const candidate of [text, ...events.toReversed()]) {
    try {
      const { result, error } = JSON.parse(candidate) as CallOutcome;
      if (result !== undefined) return { status: 200, result };
      if (error !== undefined) return { status: status === 200 ? 400 : status, error };
    } catch {
      // Not this one.
    }
  }
  return {
    status: status === 200 ? 502 : status,
    error: 'no answer from the server behind the gate',
  };
}

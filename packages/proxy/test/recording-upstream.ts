/** An upstream that remembers what it was sent, byte for byte, and answers as told. */
import {
  createServer,
  type IncomingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http';
import { listen, stopServer } from './fixture.ts';

/** One request as it arrived. */
export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

type Answer = (response: ServerResponse, request: SeenRequest) => void;

export interface RecordingUpstream {
  readonly url: string;
  readonly seen: SeenRequest[];
  readonly server: Server;
  answer: Answer;
  stop(): Promise<void>;
}

export const answerJson: Answer = (response, { body }) => {
  const id = body === '' ? null : ((JSON.parse(body) as { id?: unknown }).id ?? null);
  response.writeHead(200, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify({ jsonrpc: '2.0', id, result: {} }));
};

export async function startRecordingUpstream(
  answer: Answer = answerJson,
): Promise<RecordingUpstream> {
  const seen: SeenRequest[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url = '', headers, rawHeaders } = request;
    const body = Buffer.concat(chunks).toString('utf8');
    const received = { method, url, headers, rawHeaders, body };
    seen.push(received);
    upstream.answer(response, received);
  });
  server.keepAliveTimeout = 120_000;
  const url = await listen(server, '/mcp');
  const upstream: RecordingUpstream = {
    url: url.href,
    seen,
    server,
    answer,
    stop: () => stopServer(server),
  };
  return upstream;
}

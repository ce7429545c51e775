import { once } from 'node:events';
import { request as send } from 'node:http';

/** An answer. */
export interface Seen {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** A request. */
export interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends a request as it is: `fetch` adds an `Accept`, and writes its own `Host`. */
export async function askAsIs(
  origin: string,
  { method = 'GET', path = '/mcp', headers = {} }: Sent,
): Promise<Seen> {
  const { hostname, port } = new URL(origin);
  const request = send({ host: hostname, port, method, path, headers });
  request.end();
  const [response] = await once(request, 'response');
  let body = '';
  for await (const chunk of response) body += chunk;
  return { status: response.statusCode, headers: response.headers, body };
}

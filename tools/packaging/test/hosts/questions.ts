/** The questions that every protected server must answer, whatever host it runs on. */
import { once } from 'node:events';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { AuthorizationServer } from '@sallyport/testing';

/** The addresses of the README. Only the issuer is replaced by one of this machine. */
export const resource = 'https://mcp.example.com/mcp';
export const readmeIssuer = 'https://auth.example.com';

/** What a server answers without a token, with a good one, with too small a scope, and about its metadata. */
export interface Answers {
  readonly noToken: number;
  readonly goodToken: string;
  readonly smallScope: number;
  readonly missingScope: string | undefined;
  readonly metadata: unknown;
}

export const rightAnswers: Answers = {
  noToken: 401,
  goodToken: 'write_note for ada',
  smallScope: 403,
  missingScope: 'notes:write',
  metadata: resource,
};

interface Answer {
  readonly status: number;
  readonly challenge: string;
  readonly body: string;
}

/**
 * Asks the server on a port of 127.0.0.1.
 *
 * @param host What is sent as `Host`. Default: that of the public address, as behind most proxies.
 */
export async function askServer(
  port: number,
  issuer: AuthorizationServer,
  host: string = new URL(resource).host,
): Promise<Answers> {
  const tokenWith = (scope: string) =>
    issuer.issueToken({ resource, scopes: [scope], subject: 'ada' });
  const stranger = await callTool(port, host);
  const accepted = await callTool(port, host, await tokenWith('notes:write'));
  const refused = await callTool(port, host, await tokenWith('notes:read'));
  const [, address = resource] = /resource_metadata="([^"]+)"/.exec(stranger.challenge) ?? [];
  const metadata = await send(port, 'GET', new URL(address).pathname, { Host: host });
  return {
    noToken: stranger.status,
    goodToken:
      /write_note for ada/.exec(accepted.body)?.[0] ?? `${accepted.status}: ${accepted.body}`,
    smallScope: refused.status,
    missingScope: /scope="[^"]*?(notes:write)/.exec(refused.challenge)?.[1],
    metadata: metadata.status === 200 ? JSON.parse(metadata.body).resource : metadata.status,
  };
}

function callTool(port: number, host: string, token?: string): Promise<Answer> {
  const headers = {
    'Content-Type': 'application/json',
    Accept: 'application/json, text/event-stream',
    'MCP-Protocol-Version': '2025-11-25',
    ...(token !== undefined && { Authorization: `Bearer ${token}` }),
  };
  const params = { name: 'write_note', arguments: {} };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });
  return send(port, 'POST', new URL(resource).pathname, { ...headers, Host: host }, body);
}

// `fetch` would not send the `Host` of the public address.
async function send(
  port: number,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body?: string,
): Promise<Answer> {
  const sent = request({
    port,
    host: '127.0.0.1',
    method,
    path,
    headers,
  });
  sent.end(body);
  const [response] = await once(sent, 'response');
  return {
    status: response.statusCode,
    challenge: response.headers['www-authenticate'] ?? '',
    body: await text(response),
  };
}

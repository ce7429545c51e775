/** Messages over plain `fetch`, so that a scenario can send what a client would never send. */
import { type RunContext, type SpecVersion, statelessVersion } from './suite.ts';

/** The tool that every token of the scenarios may call, and its scope. */
export const openTool = { name: 'test_simple_text', scope: 'mcp:conformance:text' } as const;
/** The tool that only a token with more scopes may call. */
export const guardedTool = { name: 'test_image_content', scope: 'mcp:conformance:image' } as const;

export interface ProbeAnswer {
  readonly status: number;
  readonly challenge: string | null;
  readonly session: string | null;
  readonly text: string;
}

export interface ProbeOptions {
  readonly token?: string | undefined;
  /** Added to the header fields of the message. `undefined` leaves one out. */
  readonly fields?: Readonly<Record<string, string | undefined>>;
}

const clientInfo = { name: 'conformance-authorization', version: '1.0.0' };

/** A message that a server of this revision answers without anything before it. */
export function firstMessage(version: SpecVersion): object {
  return version === statelessVersion
    ? request('server/discover', {}, version)
    : request('initialize', { protocolVersion: version, capabilities: {}, clientInfo }, version);
}

export function callMessage(tool: string, version: SpecVersion): object {
  return request('tools/call', { name: tool, arguments: {} }, version);
}

function request(method: string, params: object, version: SpecVersion): object {
  const meta = {
    'io.modelcontextprotocol/protocolVersion': version,
    'io.modelcontextprotocol/clientInfo': clientInfo,
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const all = version === statelessVersion ? { ...params, _meta: meta } : params;
  return { jsonrpc: '2.0', id: 1, method, params: all };
}

/** Sends one body. The header fields that repeat the body (SEP-2243) are right, unless `fields` changes them. */
export async function send(
  { serverUrl }: Pick<RunContext, 'serverUrl'>,
  body: object,
  version: SpecVersion,
  { token, fields = {} }: ProbeOptions = {},
): Promise<ProbeAnswer> {
  const { method, params } = body as { method?: string; params?: { name?: string } };
  const all: Readonly<Record<string, string | undefined>> = {
    'Content-Type': 'application/json',
    Accept: 'application/json, text/event-stream',
    'MCP-Protocol-Version': version,
    'Mcp-Method': method,
    'Mcp-Name': params?.name,
    Authorization: token === undefined ? undefined : `Bearer ${token}`,
    ...fields,
  };
  const response = await fetch(serverUrl, {
    method: 'POST',
    headers: Object.entries(all).filter(
      (field): field is [string, string] => field[1] !== undefined,
    ),
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });
  return {
    status: response.status,
    challenge: response.headers.get('WWW-Authenticate'),
    session: response.headers.get('Mcp-Session-Id'),
    text: await response.text(),
  };
}

/** Sends a body after the handshake that its revision has. */
export async function sendInSession(
  context: RunContext,
  body: object,
  version: SpecVersion,
  { token, fields = {} }: ProbeOptions,
): Promise<ProbeAnswer> {
  const handshake = context.specVersion;
  const opened =
    handshake === statelessVersion
      ? undefined
      : await send(context, firstMessage(handshake), handshake, { token });
  const session = opened?.session ?? undefined;
  return send(context, body, version, { token, fields: { 'Mcp-Session-Id': session, ...fields } });
}

/** Whether the guarded tool was called, and its content came back. */
export function hasGuardedContent({ text }: ProbeAnswer): boolean {
  return /"type"\s*:\s*"image"/.test(text);
}

/** Whether the open tool was called. */
export function hasOpenContent({ text }: ProbeAnswer): boolean {
  return text.includes('simple text response');
}

/** One parameter of the Bearer challenge. */
export function challengeParameter(challenge: string | null, name: string): string | undefined {
  if (challenge === null || !/^Bearer\b/i.test(challenge)) return undefined;
  const found = new RegExp(`[ ,]${name}\\s*=\\s*(?:"([^"]*)"|([^\\s,"]+))`, 'i').exec(challenge);
  return found?.[1] ?? found?.[2];
}

/** What to report of an answer. */
export function report({ status, challenge, text }: ProbeAnswer): Record<string, unknown> {
  return { statusCode: status, wwwAuthenticate: challenge, body: text.slice(0, 300) };
}

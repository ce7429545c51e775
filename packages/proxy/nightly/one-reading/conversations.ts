/** How a client tells a server which revision of MCP it speaks, and in which session. */
import {
  createMessages,
  listTexts,
  type Messages,
  messages,
} from '../../test/one-reading/requests.ts';
import type { RawRequest } from './send.ts';

export interface Conversation {
  readonly name: 'without a session' | 'in a session' | 'of 2026-07-28';
  readonly messages: Messages;
  readonly texts: readonly string[];
  /** The fields that an honest client sends with a text. */
  linesOf(text: string): readonly string[];
}

const json = 'Content-Type: application/json';
const texts = listTexts(messages);

export const withoutSession: Conversation = {
  name: 'without a session',
  messages,
  texts,
  linesOf: () => [],
};

export const inSession = (session: string): Conversation => ({
  name: 'in a session',
  messages,
  texts,
  linesOf: () => [`Mcp-Session-Id: ${session}`],
});

const revision = '2026-07-28';
const withMeta = createMessages({
  'io.modelcontextprotocol/protocolVersion': revision,
  'io.modelcontextprotocol/clientInfo': { name: 'attacker', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
});

export const stateless: Conversation = {
  name: 'of 2026-07-28',
  messages: withMeta,
  texts: listTexts(withMeta),
  linesOf: (text) => [`MCP-Protocol-Version: ${revision}`, ...repeat(text)],
};

/** The fields that repeat a message. For a text that is not a message, those of a call that the token may make. */
function repeat(text: string): readonly string[] {
  const { method, params } = parse(text);
  const line = `Mcp-Method: ${orElse('tools/call', method)}`;
  return method === 'ping' ? [line] : [line, `Mcp-Name: ${orElse('read', params?.name)}`];
}

function parse(text: string): { readonly method?: unknown; readonly params?: { name?: unknown } } {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

const orElse = (other: string, value: unknown): string =>
  typeof value === 'string' && /^[ -~]+$/.test(value) ? value : other;

/** A message as an honest client sends it. */
export const honest = (conversation: Conversation, text: string): RawRequest => ({
  method: 'POST',
  target: '/mcp',
  lines: [json, ...conversation.linesOf(text)],
  body: Buffer.from(text),
});

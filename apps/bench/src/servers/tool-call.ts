/** The request that is measured: a call of a tool that answers at once, as clients of each line send it. */
import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  PROTOCOL_VERSION_META_KEY,
} from '@modelcontextprotocol/server';

/** The SDK's first line, `@modelcontextprotocol/sdk`, or its second, `@modelcontextprotocol/server`. */
export type Line = 'v1' | 'v2';

export interface ToolCall {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Which tool is called: ours, or the one of server-everything. */
export type ToolName = 'hello' | 'echo';

/** What the answer has in it. Where `echo` answers, it is what it was sent. */
export const greeting = 'Hello, World!';

/** The scope that the tool needs where somebody looks. */
export const toolScope = 'read:data';

const call = { name: 'hello', arguments: { name: 'World' } };
const echo = { name: 'echo', arguments: { message: greeting } };
const toBody = (params: object): string =>
  JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });
const media = {
  'Content-Type': 'application/json',
  Accept: 'application/json, text/event-stream',
};

/** The call of `echo` for the first line. */
export const echoBody: string = toBody(echo);

export const toolCalls: Readonly<Record<Line, ToolCall>> = {
  v1: { headers: { ...media, 'Mcp-Protocol-Version': '2025-11-25' }, body: toBody(call) },
  v2: {
    headers: {
      ...media,
      'Mcp-Protocol-Version': '2026-07-28',
      'Mcp-Method': 'tools/call',
      'Mcp-Name': call.name,
    },
    body: toBody({
      ...call,
      _meta: {
        [PROTOCOL_VERSION_META_KEY]: '2026-07-28',
        [CLIENT_INFO_META_KEY]: { name: 'bench', version: '1.0.0' },
        [CLIENT_CAPABILITIES_META_KEY]: {},
      },
    }),
  },
};

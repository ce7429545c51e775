import { Pool } from 'undici';
import { echoBody, greeting, type Line, type ToolName, toolCalls } from '../servers/tool-call.ts';

/** Sends requests to one server, over connections that stay open. */
export interface Load {
  /** The answer to one request, with its body. */
  send(token: string | undefined): Promise<{ readonly status: number; readonly body: string }>;
  /**
   * Sends so many at a time as there are connections.
   *
   * @param tokenOf The token of each, by its number.
   * @throws When one of them is not answered with 200 and the greeting.
   */
  run(count: number, tokenOf: (index: number) => string): Promise<void>;
  close(): Promise<void>;
}

const initialize = JSON.stringify({
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'bench', version: '1.0.0' },
  },
});
const initialized = JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' });

// Enough for a server to be busy: to be woken for every single request would cost more than it.
const connections = 16;

/** How a load calls. */
interface LoadOptions {
  /** Whether all requests belong to one session, each with a different id. Default false. */
  readonly hasSessions?: boolean;
  /** Default `hello`. */
  readonly tool?: ToolName;
}

export function createLoad(
  port: number,
  line: Line,
  { hasSessions = false, tool = 'hello' }: LoadOptions = {},
): Load {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections, pipelining: 1 });
  const { headers } = toolCalls[line];
  const body = tool === 'echo' ? echoBody : toolCalls[line].body;
  let sessionId: string | undefined;
  let lastId = 1;

  async function post(token: string | undefined, text: string) {
    const answer = await pool.request({
      path: '/mcp',
      method: 'POST',
      headers: {
        ...headers,
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
        ...(sessionId !== undefined && { 'Mcp-Session-Id': sessionId }),
      },
      body: text,
    });
    const given = answer.headers['mcp-session-id'];
    if (typeof given === 'string') sessionId = given;
    return { status: answer.statusCode, body: await answer.body.text() };
  }

  function send(token: string | undefined) {
    if (!hasSessions) return post(token, body);
    lastId += 1;
    return post(token, body.replace('"id":1', `"id":${lastId}`));
  }

  async function beginSession(token: string): Promise<void> {
    const { status } = await post(token, initialize);
    if (status !== 200) throw new Error(`initialize was answered with ${status}`);
    await post(token, initialized);
  }

  return {
    send,

    async run(count, tokenOf) {
      if (hasSessions && sessionId === undefined) await beginSession(tokenOf(0));
      let index = 0;
      const sendNext = async (): Promise<void> => {
        while (index < count) {
          const answer = await send(tokenOf(index++));
          if (answer.status !== 200 || !answer.body.includes(greeting)) {
            throw new Error(`a good request was answered with ${answer.status}: ${answer.body}`);
          }
        }
      };
      await Promise.all(Array.from({ length: connections }, sendNext));
    },

    close: () => pool.close(),
  };
}

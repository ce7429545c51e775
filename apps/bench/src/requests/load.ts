import { Pool } from 'undici';
import { greeting, type Line, toolCalls } from '../servers/tool-call.ts';

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

// Enough for a server to be busy: to be woken for every single request would cost more than it.
const connections = 16;

export function createLoad(port: number, line: Line): Load {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections, pipelining: 1 });
  const { headers, body } = toolCalls[line];

  async function send(token: string | undefined) {
    const answer = await pool.request({
      path: '/mcp',
      method: 'POST',
      headers: token === undefined ? headers : { ...headers, Authorization: `Bearer ${token}` },
      body,
    });
    return { status: answer.statusCode, body: await answer.body.text() };
  }

  return {
    send,

    async run(count, tokenOf) {
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

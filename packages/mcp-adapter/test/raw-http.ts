import { once } from 'node:events';
import { connect } from 'node:net';

/** Sends bytes as they are: HTTP clients would tidy them up. Resolves with all that came back. */
export async function sendRaw(url: string, lines: readonly string[], body = ''): Promise<string> {
  const { port } = new URL(url);
  const socket = connect(Number(port), '127.0.0.1');
  let received = '';
  socket.setEncoding('latin1').on('data', (chunk) => {
    received += chunk;
  });
  const host = lines.some((line) => line.startsWith('Host:')) ? [] : ['Host: mcp.example.com'];
  socket.write(`${[...lines, ...host, 'Connection: close'].join('\r\n')}\r\n\r\n`);
  socket.write(body, 'latin1');
  await once(socket, 'close');
  return received;
}

export const statusOf = (response: string) => Number(response.split(' ')[1]);

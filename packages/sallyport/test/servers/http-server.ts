/** A server that speaks HTTP, and says who calls. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

function decode(part: string): unknown {
  return JSON.parse(Buffer.from(part, 'base64url').toString() || '{}');
}

/** Listens on a free port. It answers each message with the claims of the assertion. */
export async function startHttpServer() {
  const http = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const message = JSON.parse(Buffer.concat(parts).toString() || '{}') as {
      id?: unknown;
      method?: string;
    };
    if (message.id === undefined) return void response.writeHead(202).end();
    const [header = '', claims = ''] = (request.headers.authorization ?? '').split('.');
    response.setHeader('Content-Type', 'application/json');
    response.end(
      JSON.stringify({
        jsonrpc: '2.0',
        id: message.id,
        result: {
          header: decode(header.replace('Bearer ', '')),
          claims: decode(claims),
          ...(message.method === 'tools/list' && {
            tools: [{ name: 'read_note' }, { name: 'write_note' }],
          }),
        },
      }),
    );
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  http.listen(0, '127.0.0.1', resolve);
  await promise;
  const { port } = http.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    close() {
      http.closeAllConnections();
      http.close();
    },
  };
}

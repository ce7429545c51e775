import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import express, { type ErrorRequestHandler, type Request } from 'express';
import express4 from 'express-4';
import { describe, expect, it } from 'vitest';
import { expressGate } from '../../src/express.ts';
import type { AuthInfo } from '../../src/index.ts';
import { answerOnNode } from '../example-server.ts';
import { createTestGate, tokens, toolCall } from '../fixture.ts';
import { describeHost } from './host-behaviour.ts';

async function listen(app: express.Express) {
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

describe.each([
  ['4', express4],
  ['5', express],
])('Express %s', (_version, framework) => {
  describeHost('expressGate', (gate, report) => {
    const app = framework();
    app.use(expressGate(gate));
    app.use((request, response) => {
      const { auth, headers, rawHeaders, body } = request;
      report({ auth: auth as AuthInfo | undefined, headers, rawHeaders, body });
      answerOnNode(request, response, body);
    });
    return listen(app);
  });
});

it('judges the body that a parser in front of it has read', async () => {
  const app = express();
  app.use(express.json());
  app.all('/mcp', expressGate(createTestGate()), (_request, response) => {
    response.end('reached');
  });
  const host = await listen(app);
  const call = (tool: string) =>
    fetch(`${host.url}/mcp`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${tokens.read}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(toolCall(tool)),
    });

  expect((await call('list')).status).toBe(200);
  expect((await call('delete')).status).toBe(403);
  await host.close();
});

it('serves the metadata where it is mounted for one path only', async () => {
  const app = express();
  const gate = createTestGate();
  app.all(['/mcp', gate.metadataPath], expressGate(gate));
  const host = await listen(app);

  expect((await fetch(`${host.url}${gate.metadataPath}`)).status).toBe(200);
  expect((await fetch(`${host.url}/mcp`)).status).toBe(401);
  await host.close();
});

it('does not blame the application for a client that leaves in the middle of its body', async () => {
  const app = express();
  const faults: unknown[] = [];
  const { promise: gone, resolve } = Promise.withResolvers<void>();
  const { promise: reached, resolve: arrived } = Promise.withResolvers<Request>();
  app.use((request, response, next) => {
    response.on('close', resolve);
    arrived(request);
    next();
  });
  app.use(expressGate(createTestGate()));
  app.use(((error, _request, _response, _next) => void faults.push(error)) as ErrorRequestHandler);
  const host = await listen(app);
  const socket = connect(Number(new URL(host.url).port), '127.0.0.1');
  socket.write(
    `POST /mcp HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${tokens.read}\r\nContent-Length: 9\r\n\r\n{`,
  );
  const request = await reached;
  await expect.poll(() => request.readableFlowing, { message: 'waits for the rest' }).toBe(true);
  socket.destroy();
  await gone;
  await setTimeout(50);
  await host.close();

  expect(faults).toEqual([]);
});

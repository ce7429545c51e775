/** Bodies that a body parser in front of the gate has read: long numbers are rounded before the proxy sees them. */
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { nodeGate } from '@sallyport/mcp-adapter/node';
import { expect, it, onTestFinished } from 'vitest';
import { createCommandUpstream, createHttpUpstream } from '../../src/index.ts';
import { createTestGate, listen, post, stopServer } from '../fixture.ts';

const kinds = {
  'an HTTP upstream': () => createHttpUpstream({ url: 'http://127.0.0.1:1/mcp' }),
  'a command': () =>
    createCommandUpstream({ command: 'no-such-command', environment: process.env }),
};

it.each(Object.entries(kinds))('MCP-18: %s never gets a rounded number', async (_name, create) => {
  const upstream = create();
  const gated = nodeGate(createTestGate(), upstream.handle);
  const server = createServer(async (request, response) => {
    await gated(Object.assign(request, { body: JSON.parse(await text(request)) }), response);
  });
  const url = await listen(server, '/mcp');
  onTestFinished(async () => {
    await upstream.close();
    await stopServer(server);
  });
  const refusal = async (id: string) => {
    const params = '{"name":"echo","arguments":{"n":12345678901234567890}}';
    const response = await post(
      url,
      `{"jsonrpc":"2.0",${id}"method":"tools/call","params":${params}}`,
    );
    return { status: response.status, ...((await response.json()) as object) };
  };

  expect(await refusal('"id":7,')).toMatchObject({ status: 400, id: 7, error: { code: -32_600 } });
  expect(await refusal('')).toMatchObject({ status: 400, id: null, error: { code: -32_600 } });
});

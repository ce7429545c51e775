import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { nodeGate } from '@sallyport/mcp-adapter/node';
import { createHttpUpstream } from '@sallyport/proxy';
import { type AuditReport, assertHardened } from '@sallyport/testing/audit';
import { afterAll, expect, it } from 'vitest';
import { type Host, startHardenedServer } from '../test/audit/hardened-server.ts';

/** A proxy with our gate, and the application on a port of its own. */
async function startProxy(): Promise<{ readonly host: Host; stop(): void }> {
  let serve: Parameters<Host>[1] = () => {};
  const application = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    serve(request, response, text === '' ? undefined : JSON.parse(text));
  }).listen(0, '127.0.0.1');
  await once(application, 'listening');
  const { port } = application.address() as AddressInfo;
  return {
    host(gate, given) {
      serve = given;
      return nodeGate(gate, createHttpUpstream({ url: `http://127.0.0.1:${port}/mcp` }).handle);
    },
    stop() {
      application.closeAllConnections();
      application.close();
    },
  };
}

const proxy = await startProxy();
const hosts: readonly (readonly [name: string, host: Host])[] = [
  ['on node:http', (gate, application) => nodeGate(gate, application as never)],
  ['through the proxy', proxy.host],
];

afterAll(() => proxy.stop());

it.each(hosts)('has no failure %s, with every row about limits', async (_name, host) => {
  const server = await startHardenedServer(host);
  try {
    const report: AuditReport = await assertHardened(server.url, server.options);

    expect(report).toMatchObject({ grade: 'A', counts: { fail: 0, 'left-out': 0 } });
    expect(server.writes()).toBe(0);
  } finally {
    await server.close();
  }
});

/** A server that nobody here wrote, with all that a server can ask of a client. */

import { answeringClients, type TestClient } from '@sallyport/test-parts/answering-clients';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alice, createTestGate, startProxy, type TestProxy } from '../fixture.ts';
import { type EverythingServer, startEverythingServer } from './everything-server.ts';

/** A call of every tool, and a piece of its answer. */
const calls: Readonly<Record<string, readonly [given: Record<string, unknown>, answer: string]>> = {
  echo: [{ message: 'héllo' }, 'Echo: héllo'],
  'get-annotated-message': [
    { messageType: 'error', includeImage: true },
    'Error: Operation failed',
  ],
  'get-env': [{}, 'PORT'],
  'get-resource-links': [{ count: 2 }, 'resource_link'],
  'get-resource-reference': [{ resourceType: 'Text', resourceId: 1 }, 'resource'],
  'get-roots-list': [{}, 'file:///home/test'],
  'get-structured-content': [{ location: 'New York' }, 'temperature'],
  'get-sum': [{ a: 0.1, b: 2 }, '2.1'],
  'get-tiny-image': [{}, 'image/png'],
  'gzip-file-as-resource': [
    { name: 'a.gz', data: 'data:text/plain,hello', outputType: 'resource' },
    'application/gzip',
  ],
  'simulate-research-query': [{ topic: 'gates' }, ''],
  'toggle-simulated-logging': [{}, 'logging'],
  'toggle-subscriber-updates': [{}, 'resource updated'],
  'trigger-elicitation-request': [{}, 'Elicited Name'],
  'trigger-long-running-operation': [{ duration: 0.2, steps: 4 }, 'completed'],
  'trigger-sampling-request': [{ prompt: 'say' }, 'sampled by the client'],
  'trigger-url-elicitation': [{ url: 'https://example.com/' }, 'accept'],
};
/** Tools of the experimental task methods, which no plain call runs. */
const taskTools = ['simulate-research-query'];

let server: EverythingServer;
let proxy: TestProxy;
beforeAll(async () => {
  server = await startEverythingServer();
  const gate = createTestGate();
  proxy = await startProxy({ url: server.url, permits: gate.permits }, gate);
});
afterAll(async () => {
  await proxy.stop();
  await server.stop();
});

describe.each(Object.entries(answeringClients))('%s', (_name, connect) => {
  let client: TestClient;
  beforeAll(async () => {
    client = await connect(proxy.url, alice);
  });
  afterAll(() => client.close());

  it('sees all tools of server-everything', async () => {
    // Tools that need a capability of the client come after its `initialized`.
    await expect
      .poll(async () => (await client.listTools()).toSorted())
      .toEqual(Object.keys(calls).toSorted());
  });

  it.each(Object.entries(calls).filter(([name]) => !taskTools.includes(name)))(
    'calls %s',
    async (name, [given, answer]) => {
      const result = await client.callTool(name, given);

      expect(result.isError ?? false).toBe(false);
      expect(JSON.stringify(result)).toContain(answer);
    },
  );

  it('was asked for a sample, for input and for roots', () => {
    expect(new Set(client.asked)).toEqual(
      new Set(['sampling/createMessage', 'elicitation/create', 'roots/list']),
    );
  });

  it('gets the progress of a call while it runs', async () => {
    const seen: number[] = [];
    await client.callTool(
      'trigger-long-running-operation',
      { duration: 0.2, steps: 4 },
      (progress) => seen.push(progress),
    );

    expect(seen).toEqual([1, 2, 3, 4]);
  });
});

it('has had no fault of the upstream', () => {
  expect(proxy.events.map(({ type }) => type)).toEqual(['assertion_key_random']);
});

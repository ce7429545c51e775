/**
 * The gate and whoever comes behind it read every request in one way: each host, both lines of the SDK,
 * both versions of HTTP, each common body parser before and behind the gate, and every odd body.
 */
import type { Server } from 'node:net';
import { afterAll, expect, it } from 'vitest';
import { createTestGate, tokens } from '../fixture.ts';
import { handlerNames, type Markers } from './one-reading/handlers.ts';
import { type Arrangement, arrangements } from './one-reading/hosts.ts';
import { attempts, honestRead, honestWrite, pseudoMethods } from './one-reading/requests.ts';
import { openSender } from './one-reading/send.ts';

let sent = 0;

async function close(server: Server): Promise<void> {
  if ('closeAllConnections' in server) (server.closeAllConnections as () => void)();
  await new Promise<void>((resolve) => server.close(() => resolve()));
}

/** Attempts, several at a time. With statuses that nobody should get. */
async function attack({ http, start }: Arrangement, handler: (typeof handlerNames)[number]) {
  const markers: Markers = { read: 0, write: 0 };
  const server = await start(createTestGate(), handler, markers);
  const sender = openSender(server, http);
  const left = [...attempts, ...(http === 2 ? pseudoMethods : [])];
  const odd: string[] = [];

  async function work(): Promise<void> {
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      const before = markers.write;
      const status = await sender.send(next, tokens.read);
      sent += 1;
      if (markers.write > before) odd.push(`${next.name}: written`);
      if (status >= 500) odd.push(`${next.name}: ${status}`);
    }
  }

  await Promise.all(Array.from({ length: 4 }, work));
  return { odd, markers, sender, server };
}

afterAll(() => {
  process.stdout.write(`one reading: ${sent} requests\n`);
});

// The SDKs refuse most of it by themselves: with them, one arrangement of each kind is enough.
const withSdk = arrangements.filter(({ name }) =>
  /^node|^fetch|nothing before|json before|override of a method behind|no parser|reads JSON/.test(
    name,
  ),
);
const pairs = [
  ...arrangements.map((arrangement) => ({ arrangement, handler: 'own' as const })),
  ...withSdk.flatMap((arrangement) =>
    (['SDK v1', 'SDK v2'] as const).map((handler) => ({ arrangement, handler })),
  ),
];

it.each(pairs)(
  'CASE-01, CASE-02, CASE-03, MCP-13, HDR-21: $handler behind $arrangement.name writes nothing for a token that may read',
  async ({ arrangement, handler }) => {
    const { odd, markers, sender, server } = await attack(arrangement, handler);

    expect(odd).toEqual([]);
    expect(markers.write).toBe(0);
    await sender.close();
    await close(server);
  },
);

// Without these the markers could be out of reach, and the test above would prove nothing.
const unobstructed = arrangements.filter(
  ({ name }) => !/text|raw|bytes|urlencoded|buffers|body behind/.test(name),
);

it.each(
  unobstructed.flatMap((arrangement) => handlerNames.map((handler) => ({ arrangement, handler }))),
)(
  'lets $handler read and write behind $arrangement.name with a token that may',
  async ({ arrangement: { http, start }, handler }) => {
    const markers: Markers = { read: 0, write: 0 };
    const server = await start(createTestGate(), handler, markers);
    const sender = openSender(server, http);
    await sender.send(honestRead, tokens.read);
    await sender.send(honestWrite, tokens.write);

    expect(markers.read).toBeGreaterThan(0);
    expect(markers.write).toBeGreaterThan(0);
    await sender.close();
    await close(server);
  },
);

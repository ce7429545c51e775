/**
 * Every host × both kinds of upstream × servers that read JSON in every way or with either SDK line × attempts to
 * hide a write. A server marks what its tools do. A token that may read must never leave a write.
 *
 * On plain hosts in front of the server that reads in every way, the token that may read sends every attempt, with and
 * without a session. Elsewhere the conversations deal the attempts out: together they send each one to each host.
 */
import { createServer } from 'node:http';
import type { Server } from 'node:net';
import { anonymousAccess } from '@sallyport/mcp-adapter/anonymous';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import { createTestGate, listen, tokenOf } from '../test/fixture.ts';
import { attack, listAttempts, whole } from './one-reading/attack.ts';
import {
  type Conversation,
  honest,
  inSession,
  stateless,
  withoutSession,
} from './one-reading/conversations.ts';
import { type Host, hosts } from './one-reading/hosts.ts';
import { openSender, type Sender } from './one-reading/send.ts';
import {
  type Kind,
  kinds,
  type MarkedUpstream,
  type ServerName,
  serverNames,
  startMarked,
} from './one-reading/upstreams.ts';

const mayRead = tokenOf('reader', 'notes:read');
const mayWrite = tokenOf('writer', 'notes:read', 'notes:write');
let sent = 0;
afterAll(() => void process.stdout.write(`one reading behind a proxy: ${sent} requests\n`));

const initialize = JSON.stringify({
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: {
    protocolVersion: '2025-06-18',
    capabilities: {},
    clientInfo: { name: 'attacker', version: '1' },
  },
});

/** Begins a session where the upstream has them. */
async function begin(server: Server, sender: Sender, token: string): Promise<Conversation> {
  const session =
    sender.session === undefined
      ? await beginOverHttp1(server, token)
      : await sender.send(honest(withoutSession, initialize), token).then(sender.session);
  return session === undefined ? withoutSession : inSession(session);
}

async function beginOverHttp1(server: Server, token: string): Promise<string | undefined> {
  const { port } = server.address() as { port: number };
  const answer = await fetch(`http://127.0.0.1:${port}/mcp`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${token}`,
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
    },
    body: initialize,
  });
  await answer.text();
  return answer.headers.get('Mcp-Session-Id') ?? undefined;
}

async function open(host: Host, kind: Kind, name: ServerName) {
  const upstream = await startMarked(kind, name);
  const gate = createTestGate({
    scopes: { tools: { delete: ['notes:write'] } },
    anonymous: anonymousAccess({ tools: ['read'], maximumRequestsPerMinute: 100_000 }),
  });
  const server = await host.start(gate, upstream.handle);
  const sender = openSender(server, host.http);
  onTestFinished(() => closeAll(upstream, server, sender));
  return { upstream, server, sender };
}

async function closeAll(upstream: MarkedUpstream, server: Server, sender: Sender) {
  sender.close();
  if ('closeAllConnections' in server) (server.closeAllConnections as () => void)();
  server.close();
  await upstream.close();
}

const plain = hosts.filter(({ name }) => /^node|5, nothing before|no parser/.test(name));
const combinations = kinds.flatMap((kind) =>
  serverNames.flatMap((name) =>
    // The SDKs refuse most of it by themselves: with them, one host of each kind is enough.
    (name === 'every reading' ? hosts : plain).map((host) => ({ kind, name, host })),
  ),
);

/** Which attempts a conversation sends: the first two are those of the token that may read. */
function partOf(place: number, { kind, name, host }: (typeof combinations)[number]) {
  if (name === 'every reading' && plain.includes(host) && place < 2) return whole;
  return { index: (kinds.indexOf(kind) * 4 + place + hosts.indexOf(host)) % 8, of: 8 };
}

it('deals each attempt to one of eight parts', () => {
  const parts = Array.from({ length: 8 }, (_none, index) =>
    listAttempts(1, withoutSession, { index, of: 8 }),
  );

  const describe = ({ method, target, lines, body }: ReturnType<typeof listAttempts>[number]) =>
    [method, target, lines, body.toString('latin1')].join();
  expect(parts.flat().map(describe).toSorted()).toEqual(
    listAttempts(1, withoutSession).map(describe).toSorted(),
  );
});

it.each(combinations)(
  'MCP-13, MCP-18, MCP-19, MCP-22: $name as $kind upstream behind $host.name writes nothing for a token that may read, and nothing without a token',
  async (combination) => {
    const { kind, name, host } = combination;
    const { upstream, server, sender } = await open(host, kind, name);
    const begun = await begin(server, sender, mayRead);
    const attacks = [
      [stateless, mayRead],
      [begun, mayRead],
      [withoutSession, undefined],
      [stateless, undefined],
      ...(begun === withoutSession ? [] : [[withoutSession, mayRead] as const]),
    ] as const;

    for (const [place, [conversation, token]] of attacks.entries()) {
      const part = partOf(place, combination);
      const outcome = await attack(sender, host.http, token, conversation, part);
      sent += outcome.sent;
      expect(outcome.odd).toEqual([]);
      // Some attempts are honest reads. An upstream that answers none of them would prove nothing.
      if (part === whole) expect(outcome.accepted).toBeGreaterThan(5);
    }

    expect(upstream.marks().writes).toEqual([]);
    expect(sender.unasked()).toBe(0);
  },
);

// Without these the marks could be out of reach, and the test above would prove nothing.
const unobstructed = combinations.filter(
  ({ host }) =>
    !/(?:text|raw|urlencoded|harmless body|every type) (?:before|behind)|buffers/.test(host.name),
);
it.each(unobstructed)(
  'lets $name as $kind upstream behind $host.name read and write with a token that may',
  async ({ kind, name, host }) => {
    const { upstream, server, sender } = await open(host, kind, name);
    // SDK v1 does not know the revision without sessions. In front of a command, the proxy translates it.
    const conversations = [
      await begin(server, sender, mayWrite),
      ...(kind === 'http' && name === 'SDK v1' ? [] : [stateless]),
    ];

    for (const [index, conversation] of conversations.entries()) {
      const { read, write } = conversation.messages;
      expect(await sender.send(honest(conversation, read), mayWrite)).toBe(200);
      expect(await sender.send(honest(conversation, write), mayWrite)).toBe(200);
      const { reads, writes } = upstream.marks();
      expect([reads.length, writes.length].map((count) => count > index)).toEqual([true, true]);
    }
  },
);

it('finds hundreds of writes behind a proxy that reads a message and then sends on the bytes', async () => {
  const upstream = await startMarked('http', 'every reading');
  const naive = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    try {
      const { method, params } = JSON.parse(body.toString());
      if (method === 'tools/call' && params?.name === 'delete') {
        return void response.writeHead(403).end();
      }
    } catch {
      // It leaves what it cannot read to the server.
    }
    const { 'content-type': type = 'application/json' } = request.headers;
    const headers = { 'Content-Type': type };
    const answer = await fetch(upstream.url, { method: 'POST', headers, body });
    response.writeHead(answer.status).end(await answer.text());
  });
  await listen(naive);
  const sender = openSender(naive, 1);
  onTestFinished(() => closeAll(upstream, naive, sender));

  await attack(sender, 1, mayRead, withoutSession);

  expect(upstream.marks().writes.length).toBeGreaterThan(100);
});

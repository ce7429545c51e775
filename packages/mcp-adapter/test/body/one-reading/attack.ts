/** Sends every attempt to one arrangement, with a token that may read and without a token. */
import type { Server } from 'node:net';
import { anonymousAccess } from '../../../src/anonymous.ts';
import type { McpGate } from '../../../src/index.ts';
import { createTestGate, tokens } from '../../fixture.ts';
import type { HandlerName, Markers } from './handlers.ts';
import { type Arrangement, arrangements } from './hosts.ts';
import { attempts, pseudoMethods } from './requests.ts';
import { openSender, type Sender } from './send.ts';

/** A gate whose tool `list` is for everybody, and whose tool `delete` writes. */
export function createMixedGate(): McpGate {
  return createTestGate({
    anonymous: anonymousAccess({ tools: ['list'], maximumRequestsPerMinute: 100_000 }),
    scopes: { tools: { whoami: [], delete: ['notes:read', 'notes:write'] } },
  });
}

// The SDKs refuse most of it by themselves: with them, one arrangement of each kind is enough.
const withSdk = arrangements.filter(({ name }) =>
  /^node|^fetch|nothing before|json before|override of a method behind|no parser|reads JSON/.test(
    name,
  ),
);
/** Each handler behind what it is tried behind. */
export const pairs: readonly {
  readonly arrangement: Arrangement;
  readonly handler: HandlerName;
}[] = [
  ...arrangements.map((arrangement) => ({ arrangement, handler: 'own' as const })),
  ...withSdk.flatMap((arrangement) =>
    (['SDK v1', 'SDK v2'] as const).map((handler) => ({ arrangement, handler })),
  ),
];

/** What came of an attack. */
export interface Attacked {
  /** Writes, and statuses that no client should get. */
  readonly odd: readonly string[];
  readonly sent: number;
  readonly markers: Markers;
  close(): Promise<void>;
}

/** Who sends an attempt: with a token that may read, or without a token. */
export type Sending = 'a reader' | 'a stranger';

/** @param isSent Whether it is sent at all. Attempts have numbers. */
export async function attack(
  { http, start }: Arrangement,
  handler: HandlerName,
  isSent: (attempt: number, who: Sending) => boolean,
): Promise<Attacked> {
  const markers: Markers = { read: 0, write: 0 };
  const server = await start(createMixedGate(), handler, markers);
  const sender = openSender(server, http);
  const all = [...attempts, ...(http === 2 ? pseudoMethods : [])];
  const left = [
    ...all
      .filter((_, number) => isSent(number, 'a reader'))
      .map((attempt) => ({ attempt, who: 'a reader', token: tokens.read })),
    ...all
      .filter((_, number) => isSent(number, 'a stranger'))
      .map((attempt) => ({ attempt, who: 'a stranger', token: undefined })),
  ];
  const sent = left.length;
  const odd: string[] = [];

  async function work(): Promise<void> {
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      const { attempt, who, token } = next;
      const before = markers.write;
      const status = await sender.send(attempt, token);
      if (markers.write > before) odd.push(`${attempt.name} of ${who}: written`);
      if (status >= 500) odd.push(`${attempt.name} of ${who}: ${status}`);
    }
  }

  await Promise.all(Array.from({ length: 4 }, work));
  return { odd, sent, markers, close: () => closeAll(sender, server) };
}

export async function closeAll(sender: Sender, server: Server): Promise<void> {
  await sender.close();
  if ('closeAllConnections' in server) (server.closeAllConnections as () => void)();
  await new Promise<void>((resolve) => server.close(() => resolve()));
}

/** One client that guesses tokens, and another at the same address whose token is good. */
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StartedReference } from './reference-server.ts';

/** How hard it is, and for how long. */
export interface Flood {
  readonly seconds: number;
  readonly badTokensPerSecond: number;
}

/** How often each status was the answer. */
export interface FloodResult {
  readonly good: Readonly<Record<number, number>>;
  readonly bad: Readonly<Record<number, number>>;
}

/** @param makeToken Makes a good token that has not been seen before. */
export async function runFlood(
  { server }: StartedReference,
  makeToken: () => Promise<string>,
  { seconds, badTokensPerSecond }: Flood,
): Promise<FloodResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const good: Record<number, number> = {};
  const bad: Record<number, number> = {};
  const underWay = new Set<Promise<void>>();
  const url = new URL('/tools/call', server.resource);

  function send(token: string, counts: Record<number, number>): void {
    const answered = new Promise<number>((resolve, reject) => {
      const sent = request(url, {
        agent,
        method: 'POST',
        headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      });
      sent.on('error', reject).on('response', (response) => {
        response.resume().on('end', () => resolve(response.statusCode ?? 0));
      });
      sent.end('{"name":"hello","arguments":{"name":"World"}}');
    });
    const done = answered.then((status) => {
      counts[status] = (counts[status] ?? 0) + 1;
      underWay.delete(done);
    });
    underWay.add(done);
  }

  const known = await makeToken();
  const forged = `${known.slice(0, -20)}AAAAAAAAAAAAAAAAAAAA`;
  const startedAt = performance.now();
  const total = seconds * badTokensPerSecond;
  for (let count = 0; count < total; ) {
    const due = Math.min(total, ((performance.now() - startedAt) * badTokensPerSecond) / 1_000);
    for (; count < due; count += 1) send(count % 2 === 0 ? forged : `guess-${count}`, bad);
    send(known, good);
    send(await makeToken(), good);
    await sleep(20);
  }
  await Promise.all(underWay);
  agent.destroy();
  return { good, bad };
}

/** The other end of {@link tryWrongHttpAnswers}: the process with the clients. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** A client of one server. */
export interface TriedClient {
  /** Asks once. Resolves with `good` for a correct answer, and in words of its own otherwise. */
  ask(): Promise<string>;
  /** Called when its server was revived. */
  revived?(): void;
  close(): Promise<void> | void;
}

/** Marks the address of a server whose answer a client may use. */
export const usable = '#usable';

const mostAsks = 150;
// A busy machine may miss the time limit of a client.
const usableAsks = 5;
const pauseMs = 100;
// Too many at once would make a busy machine miss the time limits of the clients.
const atOnce = 40;

/**
 * Asks every server of the process's arguments once, or up to 5 times if its answer is usable. After the
 * revival, asks every 100 ms until the answer is good, at most 150 times. Reports to the parent process,
 * and lets the process end.
 */
export async function reportWrongHttpAnswers(
  create: (url: string, about: string) => TriedClient,
): Promise<void> {
  const [about = '', ...urls] = process.argv.slice(2);
  const clients = urls.map((url) => ({
    client: create(url.replace(usable, ''), about),
    asks: url.endsWith(usable) ? usableAsks : 1,
  }));
  const revival = once(process, 'message');
  process.send?.(await inTurn(clients, firstOutcome));
  await revival;
  process.send?.(await inTurn(clients, ({ client }) => recover(client)));
  await Promise.all(clients.map(({ client }) => client.close()));
  process.disconnect?.();
}

/** @returns The results in the order of the clients. */
async function inTurn<Client, Result>(
  clients: readonly Client[],
  act: (client: Client) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const waiting = clients.entries();
  const work = async () => {
    for (const [index, client] of waiting) results[index] = await act(client);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return results;
}

async function firstOutcome({ client, asks }: { client: TriedClient; asks: number }) {
  let outcome = await client.ask();
  for (let asked = 1; asked < asks && outcome !== 'good'; asked += 1) outcome = await client.ask();
  return outcome;
}

async function recover(client: TriedClient) {
  client.revived?.();
  for (let asks = 1; ; asks += 1) {
    const revived = await client.ask();
    if (revived === 'good' || asks === mostAsks) return { revived, asks };
    await sleep(pauseMs);
  }
}

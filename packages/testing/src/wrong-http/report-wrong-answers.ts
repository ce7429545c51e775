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

const mostAsks = 150;
const pauseMs = 100;
// Too many at once would make a busy machine miss the time limits of the clients.
const atOnce = 40;

/**
 * Asks every server of the process's arguments once, and after the revival every 100 ms until the answer is
 * good, at most 150 times. Reports to the parent process, and lets the process end.
 */
export async function reportWrongHttpAnswers(
  create: (url: string, about: string) => TriedClient,
): Promise<void> {
  const [about = '', ...urls] = process.argv.slice(2);
  const clients = urls.map((url) => create(url, about));
  const revival = once(process, 'message');
  process.send?.(await inTurn(clients, (client) => client.ask()));
  await revival;
  process.send?.(await inTurn(clients, recover));
  await Promise.all(clients.map((client) => client.close()));
  process.disconnect?.();
}

/** @returns The results in the order of the clients. */
async function inTurn<Result>(
  clients: readonly TriedClient[],
  act: (client: TriedClient) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const waiting = clients.entries();
  const work = async () => {
    for (const [index, client] of waiting) results[index] = await act(client);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return results;
}

async function recover(client: TriedClient) {
  client.revived?.();
  for (let asks = 1; ; asks += 1) {
    const revived = await client.ask();
    if (revived === 'good' || asks === mostAsks) return { revived, asks };
    await sleep(pauseMs);
  }
}

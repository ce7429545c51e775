/** What happened to every request in the life of a server, by the records of both ends of its connection. */
import type { Outcome } from '@sallyport/test-parts/steady-load';
import type { WholeLife } from './whole-life.ts';

/**
 * `refused`: the port was closed. `reset before accept`: sent after SIGTERM, the connection waited in the
 * queue of the kernel when the port closed, and the server never saw it. `sent too late`: the server had
 * already closed the idle connection. `lost`: everything else without an answer.
 */
export type Fate = 'answered' | 'refused' | 'reset before accept' | 'sent too late' | 'lost';

/** What became of one request of this life. */
export function fateOf(outcome: Outcome, life: WholeLife): Fate {
  const { result, sentAt, localPort, isReused } = outcome;
  if (typeof result === 'number') return 'answered';
  const isBeforeSignal = sentAt < life.signalledAt;
  if (result === 'ECONNREFUSED') {
    const wasOpen = toEpoch(sentAt) > Math.min(...life.connections.map((one) => one.acceptedAt));
    return isBeforeSignal && wasOpen ? 'lost' : 'refused';
  }
  if (isBeforeSignal) return 'lost';
  const connection = life.connections.findLast(({ remotePort }) => remotePort === localPort);
  if (connection === undefined) return isReused ? 'lost' : 'reset before accept';
  const { endedAt = Number.POSITIVE_INFINITY } = connection;
  return isReused && endedAt < toEpoch(sentAt) ? 'sent too late' : 'lost';
}

const toEpoch = (moment: number) => performance.timeOrigin + moment;

/** One line for each lost request, to see why. Times are milliseconds after SIGTERM. */
export function describeLost(life: WholeLife): readonly string[] {
  const sinceSignal = (moment: number) => Math.round(moment - life.signalledAt);
  const sinceSignalHere = (epoch: number) => sinceSignal(epoch - performance.timeOrigin);
  return life.outcomes
    .filter((outcome) => fateOf(outcome, life) === 'lost')
    .map(({ result, sentAt, endedAt, isReused, localPort }) => {
      const one = life.connections.findLast(({ remotePort }) => remotePort === localPort);
      const server =
        one === undefined
          ? 'never accepted'
          : `accepted at ${sinceSignalHere(one.acceptedAt)}, ${one.requests} requests, closed by the ` +
            `server at ${one.endedAt === undefined ? 'no time' : sinceSignalHere(one.endedAt)}`;
      const connection = isReused ? 'reused' : 'new';
      return `${result} at ${sinceSignal(endedAt)}, sent at ${sinceSignal(sentAt)} on a ${connection} connection from port ${localPort}: ${server}`;
    });
}

/** How often each fate and each status came, before and after SIGTERM. */
export function countFates(lives: readonly WholeLife[]): Record<string, Record<string, number>> {
  const table: Record<string, Record<string, number>> = {};
  for (const life of lives) {
    for (const outcome of life.outcomes) {
      const fate = fateOf(outcome, life);
      const name = fate === 'answered' ? `answered ${outcome.result}` : fate;
      const row = table[name] ?? { 'before SIGTERM': 0, 'after SIGTERM': 0 };
      table[name] = row;
      const column = outcome.sentAt < life.signalledAt ? 'before SIGTERM' : 'after SIGTERM';
      row[column] = (row[column] ?? 0) + 1;
    }
  }
  return table;
}

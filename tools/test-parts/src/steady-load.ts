/** A client that asks all the time, and knows what became of every request. */
import { type Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** What became of one request. */
export interface Outcome {
  /**
   * When it had a connection to go out on: before, it waits in its agent. Milliseconds of
   * `performance.now()`.
   */
  readonly sentAt: number;
  readonly endedAt: number;
  /** The status, or the error code of the socket. */
  readonly result: number | string;
  readonly retryAfter: string | undefined;
  readonly connection: string | undefined;
  readonly isReused: boolean;
  readonly localPort: number | undefined;
}

/** One request. */
export interface Asked {
  readonly port: number;
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly agent?: Agent;
}

/** Asks once. Never rejects: an error is an outcome. */
export function ask({ port, path, method = 'GET', headers, body, agent }: Asked): Promise<Outcome> {
  return new Promise((resolve) => {
    let sentAt = performance.now();
    const sent = request({ host: '127.0.0.1', port, path, method, headers, agent });
    let localPort: number | undefined;
    sent.on('socket', (socket) => {
      sentAt = performance.now();
      localPort = socket.localPort;
      if (!socket.connecting) return;
      socket.once('connect', () => {
        localPort = socket.localPort;
      });
    });
    const end = (result: number | string, answered: NodeJS.Dict<string | string[]> = {}) =>
      resolve({
        sentAt,
        endedAt: performance.now(),
        result,
        retryAfter: answered['retry-after'] as string | undefined,
        connection: answered['connection'] as string | undefined,
        isReused: sent.reusedSocket,
        localPort,
      });
    sent.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
    sent.on('response', (response) => {
      response.resume();
      response.on('end', () => end(response.statusCode ?? 0, response.headers));
      response.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
    });
    sent.end(body);
  });
}

/** A stream of requests. */
export interface SteadyLoad {
  /** Resolves when the first outcome fits. */
  until(fits: (outcome: Outcome) => boolean): Promise<Outcome>;
  /** Sends no more, and waits for every answer. */
  stop(): Promise<readonly Outcome[]>;
}

/** Sends `perSecond` requests per second, in the order of `asked`, again and again. */
export function startSteadyLoad(perSecond: number, asked: readonly Asked[]): SteadyLoad {
  const outcomes: Outcome[] = [];
  const underWay: Promise<void>[] = [];
  const waiting = new Map<(outcome: Outcome) => boolean, (outcome: Outcome) => void>();
  const startedAt = performance.now();
  let isStopped = false;
  let count = 0;

  function send(): void {
    const next = asked[count % asked.length];
    count += 1;
    if (next === undefined) return;
    const outcome = ask(next).then((one) => {
      outcomes.push(one);
      for (const [fits, tell] of waiting) if (fits(one)) tell(one);
    });
    underWay.push(outcome);
  }

  const sending = (async () => {
    while (!isStopped) {
      const due = ((performance.now() - startedAt) * perSecond) / 1_000;
      while (count < due) send();
      await sleep(2);
    }
  })();

  return {
    until: (fits) =>
      new Promise((resolve) => {
        const found = outcomes.find(fits);
        if (found !== undefined) return resolve(found);
        waiting.set(fits, (outcome) => {
          waiting.delete(fits);
          resolve(outcome);
        });
      }),
    async stop() {
      isStopped = true;
      await sending;
      await Promise.all(underWay);
      return outcomes;
    },
  };
}

/** CASE-62: what a Redis, or something on its connection, may send. Each is tried in its own process. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { hasRedis, startRedis } from '@sallyport/test-parts/redis-server';
import { afterAll, describe, expect, it } from 'vitest';

/** What is sent for each command, at once on connecting, or with the right answer. */
interface Wrong {
  readonly onConnect?: string;
  readonly onCommand?: string;
  /** The connection ends after it. */
  readonly ends?: boolean;
}

const good = '*4\r\n:5\r\n:0\r\n:5\r\n:0\r\n';
const unasked = {
  'a status': '+OK\r\n',
  'an error': '-ERR nobody asked\r\n',
  'a null': '$-1\r\n',
  'a null array': '*-1\r\n',
  'an array of nulls': '*1\r\n$-1\r\n',
  'a message': '*3\r\n$7\r\nmessage\r\n$1\r\na\r\n$1\r\nb\r\n',
  'half a reply': '$10\r\nabc',
} as const;
const asked = {
  'a status': '+OK\r\n',
  'an error': '-ERR no\r\n',
  'MOVED to nowhere': '-MOVED 1 192.0.2.1:1\r\n',
  'a null': '$-1\r\n',
  'an empty array': '*0\r\n',
  'texts for numbers': '*2\r\n$1\r\n5\r\n$1\r\n0\r\n',
  'negative numbers': '*2\r\n:-5\r\n:-1\r\n',
  'a number too large': ':99999999999999999999999\r\n',
  'a push of null (RESP3)': '>1\r\n_\r\n',
  'an empty push (RESP3)': '>0\r\n',
  'an invalidation (RESP3)': '>2\r\n+invalidate\r\n*1\r\n+a\r\n',
  'a subscription (RESP3)': '>3\r\n+subscribe\r\n_\r\n:1\r\n',
  'a null (RESP3)': '_\r\n',
  'a boolean (RESP3)': '#t\r\n',
  'a double (RESP3)': ',1.5\r\n',
  'a map (RESP3)': '%1\r\n+a\r\n:1\r\n',
  'a set (RESP3)': '~1\r\n+a\r\n',
  'an attribute (RESP3)': '|1\r\n+a\r\n+b\r\n+OK\r\n',
  'an error of many bytes (RESP3)': '!5\r\nERR a\r\n',
  'a text of 10 GB': '$9999999999\r\nabc',
  'a text of 512 MB': '$536870912\r\nabc',
  'a text of a negative length': '$-5\r\n',
  'a text of no length': '$\r\n',
  'a text that does not end': '$2\r\nabc\r\n',
  'an array of a billion': '*1000000000\r\n',
  'arrays within each other': '*1\r\n'.repeat(10_000),
  'a line without an end': `+${'x'.repeat(100_000)}`,
  'half a text': '$10\r\nabc',
  'half an array': '*2\r\n:5\r\n',
  'no line feed': '+OK\r',
  HTTP: 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n',
  TLS: '\u0015\u0003\u0001\u0000\u0002\u0002\u0046',
  zeros: '\u0000\u0000\u0000\u0000',
  'two replies': `${good}${good}`,
  'a reply, and half of another': `${good}*2\r\n:5\r\n`,
} as const;
export const kinds: readonly (readonly [string, Wrong])[] = [
  ...Object.entries(unasked).map(
    ([name, onConnect]) => [`${name} that nobody asked for`, { onConnect }] as const,
  ),
  ...Object.entries(asked).map(([name, onCommand]) => [name, { onCommand }] as const),
  ['nothing', {}],
  ['half a reply, and the end', { onCommand: '*2\r\n:5', ends: true }],
];

/** Wrong until it is revived; then what a real Redis says, on new connections. */
async function startWrongRedis({ onConnect, onCommand, ends }: Wrong, redisPort: number) {
  const sockets = new Set<Socket>();
  let isRight = false;
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}).on('close', () => sockets.delete(socket)));
    if (isRight) {
      const upstream = connect(redisPort, '127.0.0.1').on('error', () => {});
      upstream.pipe(socket).pipe(upstream);
      return;
    }
    if (onConnect !== undefined) socket.write(onConnect, 'latin1');
    socket.on('data', () => {
      if (onCommand !== undefined) socket.write(onCommand, 'latin1');
      if (ends) socket.end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    stop: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    revive: () => {
      isRight = true;
    },
  };
}

/** @param isTried Which kinds. */
export function describeWrongAnswers(isTried: (name: string) => boolean): void {
  describe.skipIf(!hasRedis)('a Redis that answers wrongly', async () => {
    const redis = hasRedis ? await startRedis() : undefined;
    afterAll(() => redis?.stop());

    it.concurrent.for(kinds.filter(([name]) => isTried(name)))(
      'CASE-62: ends no process, and costs no answer, by %s',
      async ([_name, wrong], { onTestFinished }) => {
        const server = await startWrongRedis(wrong, redis?.port ?? 0);
        const run = new URL('./wrong-answers-run.ts', import.meta.url);
        const child = fork(run, [server.url], {
          execArgv: [...process.execArgv, '--disable-warning=ExperimentalWarning'],
          stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        });
        onTestFinished(() => {
          child.kill();
          server.stop();
        });
        let output = '';
        child.stderr?.on('data', (text) => {
          output += text;
        });
        const exited = once(child, 'exit');
        const said = () => Promise.race([once(child, 'message'), exited.then(() => ['gone'])]);

        expect([(await said())[0], output]).toEqual(['asked', '']);
        server.revive();
        child.send('revived');
        const [outcome] = await said();
        expect([outcome, output]).toEqual([expect.objectContaining({ odd: 0 }), '']);
        expect(outcome.events[0]).toBe('redis_unavailable');
        expect(outcome.recoveredMs).toBeLessThan(5_000);
        expect(await exited).toEqual([0, null]);
      },
    );
  });
}

/**
 * A program for tests: `program.ts <way>`. `serves`: requests to `/slow` are never answered. `waits`: its start waits
 * until a signal. `fails`: its start fails, and the process stays. `loads`: it listens for signals only.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigError } from '@sallyport/core';
import { createEventLog, createLifecycle, type ListeningServer, runProgram } from '../src/index.ts';
import { listenForStopSignals } from '../src/stop-signals.ts';

const [, , way] = process.argv;
const signals = listenForStopSignals();
const write = (event: object): void => void process.stdout.write(`${JSON.stringify(event)}\n`);

async function start(signal: AbortSignal): Promise<ListeningServer> {
  write({ type: 'starting' });
  if (way === 'waits') await sleep(600_000, undefined, { signal });
  if (way === 'fails') {
    setInterval(() => {}, 60_000);
    throw new ConfigError('PORT', 'must be a whole number');
  }
  const server = createServer();
  const lifecycle = createLifecycle(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  lifecycle.serve((request, response) => {
    write({ type: 'requested' });
    if (request.url !== '/slow') request.resume().on('end', () => response.end('served'));
  });
  const { stop, cut } = lifecycle;
  return { config: { host: '127.0.0.1' }, resource: `http://127.0.0.1:${port}/`, port, stop, cut };
}

if (way === 'loads') {
  setInterval(() => write({ type: 'loading' }), 20);
} else {
  const log = createEventLog({
    begin: () => write({ type: 'report' }),
    onEvent: write,
    onFailure: write,
  });
  await runProgram({ start, log, signals });
}

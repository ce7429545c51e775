import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { assertKnownOptions } from '../known-options.ts';
import { assertFault, type ConnectionFault } from './connection-fault.ts';
import { carryConnection, type FaultPhase, type ProxyTarget } from './proxied-connection.ts';

/** Options for {@link startFaultProxy}. */
export interface FaultProxyOptions {
  /** Where connections lead to. */
  readonly target: ProxyTarget;
}

/** A running proxy. */
export interface FaultProxy {
  /** The port, on 127.0.0.1 only. */
  readonly port: number;
  /** How many connections have come so far; faulty ones count as well, refused ones do not come. */
  readonly connections: number;
  /**
   * Lets all connections, those that are open included, fail from now on. Takes the place of an
   * earlier fault.
   *
   * @throws {TypeError} for a number that makes no sense.
   * @throws {Error} when the port, closed by an earlier `refuse`, has been taken meanwhile.
   */
  fault(fault: ConnectionFault): Promise<void>;
  /** Ends the fault. What is late comes now. */
  clear(): Promise<void>;
  /** Ends the proxy and all its connections. May be called twice. */
  stop(): Promise<void>;
}

const host = '127.0.0.1';

/**
 * Starts a TCP proxy on 127.0.0.1 whose connections fail on demand, whatever they speak: HTTP, Redis,
 * gRPC.
 *
 * It changes no byte, so an issuer behind it still announces its own port. A target that cannot be
 * reached is a reset for the client.
 *
 * @example
 * ```ts
 * const proxy = await startFaultProxy({ target: { host: '127.0.0.1', port: 6379 } });
 * await proxy.fault({ kind: 'latency', milliseconds: 200 });
 * await proxy.stop();
 * ```
 */
export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  assertKnownOptions(options, ['target']);
  const { target } = options;
  assertKnownOptions(target, ['host', 'port']);
  const server = createServer({ allowHalfOpen: true, noDelay: true }, accept);
  const clients = new Set<Socket>();
  let ending = new AbortController();
  let phase: FaultPhase = { fault: { kind: 'none' }, signal: ending.signal };
  let connections = 0;

  function accept(client: Socket): void {
    connections += 1;
    clients.add(client);
    client.on('close', () => clients.delete(client));
    // Whatever becomes of a client is seen at its other end.
    client.on('error', () => {});
    if (phase.fault.kind === 'reset') client.resetAndDestroy();
    else carryConnection(client, target, () => phase);
  }

  async function listen(port: number): Promise<void> {
    server.listen({ host, port });
    await once(server, 'listening');
  }

  async function begin(fault: ConnectionFault): Promise<void> {
    assertFault(fault);
    const ended = ending;
    ending = new AbortController();
    phase = { fault, signal: ending.signal };
    ended.abort();
    if (fault.kind === 'reset') for (const client of clients) client.resetAndDestroy();
    if (fault.kind === 'refuse') close();
    else if (!server.listening) await listen(port);
  }

  function close(): void {
    server.close();
    for (const client of clients) client.destroy();
  }

  await listen(0);
  const { port } = server.address() as AddressInfo;

  return {
    port,

    get connections() {
      return connections;
    },

    fault: begin,
    clear: () => begin({ kind: 'none' }),

    async stop() {
      ending.abort();
      const closed = server.listening ? once(server, 'close') : undefined;
      close();
      await closed;
    },
  };
}

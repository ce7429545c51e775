/** Asks this process for switches that can be set in more ways than anybody can list. */
import { createServer } from 'node:http';
import inspector from 'node:inspector';
import { Duplex } from 'node:stream';
import tls from 'node:tls';
import type { ProcessState } from './unsafe-process.ts';

export async function readProcessState(): Promise<ProcessState> {
  return {
    hasInspector: inspector.url() !== undefined,
    hasLenientParser: await isParserLenient(),
    oldestTls: tls.DEFAULT_MIN_VERSION,
  };
}

/** A control character in a field's value is what only the lenient parser takes. */
function isParserLenient(): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const server = createServer(() => resolve(true));
  server.on('clientError', () => resolve(false));
  const connection = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
  server.emit('connection', connection);
  connection.push('GET / HTTP/1.1\r\nHost: localhost\r\nX-Probe: \u0001\r\n\r\n', 'latin1');
  return promise.finally(() => connection.destroy());
}

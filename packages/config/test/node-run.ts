/** A process of its own: prints what loadConfig says of its switches, and what the process says. */
import { createServer } from 'node:http';
import inspector from 'node:inspector';
import { connect } from 'node:net';
import tls from 'node:tls';
import { loadConfig } from '../src/index.ts';
import { good } from './set-up-values.ts';

/** Whether a real server takes a field that only the lenient parser lets through. */
function isLenient(): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer((_request, response) => response.end()).listen(
      0,
      '127.0.0.1',
      () => {
        const { port } = server.address() as { port: number };
        const socket = connect(port, '127.0.0.1', () =>
          socket.write(
            'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX: a\u0001b\r\n\r\n',
            'latin1',
          ),
        );
        socket.once('data', (data) => {
          resolve(String(data).startsWith('HTTP/1.1 200'));
          socket.destroy();
          server.close();
        });
      },
    );
  });
}

const { NODE_OPTIONS } = process.env;
const problem = await loadConfig({ ...good, ...(NODE_OPTIONS && { NODE_OPTIONS }) }).then(
  () => '',
  (error: Error) => error.message,
);
const isHazardous = {
  inspector: inspector.url() !== undefined,
  parser: await isLenient(),
  tls: tls.DEFAULT_MIN_VERSION !== 'TLSv1.2',
};
process.stdout.write(JSON.stringify({ problem, isHazardous }));
process.exit(0);

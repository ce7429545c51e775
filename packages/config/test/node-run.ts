/** A separate process: prints which of its switches are refused, and what Node made of each. */
import { createServer } from 'node:http';
import inspector from 'node:inspector';
import { connect } from 'node:net';
import tls from 'node:tls';
import { detectEnvironment } from '@sallyport/core';
import { readProcessState } from '../src/process/process-state.ts';
import { refuseHazards } from '../src/process/unsafe-process.ts';
import { createProblems } from '../src/report/problems.ts';
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

async function findProblem(): Promise<string> {
  const environment = detectEnvironment(good);
  const problems = createProblems();
  const state = await readProcessState();
  const isAsked = process.argv.includes('state');
  // Without variables and arguments, only the process itself can tell.
  const [variables, flags] = isAsked ? [{}, []] : [process.env, process.execArgv];
  refuseHazards(variables, flags, { environment, state }, problems);
  try {
    problems.throwIfAny();
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

/** The same by the public entry, which loads much more. */
async function load(): Promise<string> {
  const { loadConfig } = await import('../src/index.ts');
  const { NODE_OPTIONS } = process.env;
  return loadConfig({ ...good, ...(NODE_OPTIONS && { NODE_OPTIONS }) }).then(
    () => '',
    (error: Error) => error.message,
  );
}

const problem = await (process.argv.includes('loadConfig') ? load() : findProblem());
const isHazardous = {
  inspector: inspector.url() !== undefined,
  parser: await isLenient(),
  tls: tls.DEFAULT_MIN_VERSION !== 'TLSv1.2',
};
process.stdout.write(JSON.stringify({ problem, isHazardous }));
process.exit(0);

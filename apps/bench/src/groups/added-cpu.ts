import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { Opening } from '../programs/serve-requests.ts';
import { formatMicroseconds, formatSpread, nothing } from '../report/figures.ts';
import { renderTable } from '../report/markdown.ts';
import { applications, coldGate, hotGate, requestBody } from '../requests/mcp-request.ts';
import type { Effort } from '../rounds/rounds.ts';
import { differences, type Rounds, rotate, type Spread, spreadOf } from '../rounds/statistics.ts';
import type { Group } from './group.ts';
import { formatBound, type Target } from './target.ts';

const program = fileURLToPath(new URL('../programs/serve-requests.ts', import.meta.url));
const bounds: ReadonlyMap<string, number> = new Map([
  [hotGate.name, 10],
  [coldGate.name, 40],
]);
// A slice is counted in requests: what is measured is the CPU time of another process.
const requestsPerMs = 20;
// Enough to keep that process busy. To wake it for each request would cost more than the request.
const connections = 16;

/** What a gate adds to the CPU time of a whole accepted request. */
export const addedCpu: Group = {
  name: 'added-cpu',

  async run(effort, onProgress) {
    const times = await measure(effort, onProgress);
    const added = (name: string): Spread | undefined => {
      const { without } = applications.find((one) => one.name === name) ?? {};
      const [own, base] = [times.get(name), times.get(without ?? '')];
      return own && base && spreadOf(differences(own, base));
    };
    const targets = [...bounds].map(
      ([name, bound]): Target => ({
        what: `CPU that ${name}, adds to a request`,
        ...{ sense: 'at most', bound, format: formatMicroseconds },
        measured: added(name)?.median ?? Number.NaN,
      }),
    );
    return {
      title: 'A whole request that is accepted',
      blocks: [
        'CPU time of the process that answers, in µs per request: tool calls with RS256 tokens over ' +
          `${connections} connections that stay open. Both gates are on node:http, and the application behind ` +
          'each reads the JSON body and answers.',
        renderTable(
          ['µs of CPU', 'whole request', 'added by the gate', 'target'],
          applications.map(({ name }) => {
            const [figure, whole] = [added(name), times.get(name)];
            const target = targets[[...bounds.keys()].indexOf(name)];
            return [
              name,
              whole === undefined ? nothing : formatSpread(spreadOf(whole)),
              figure === undefined ? nothing : formatSpread(figure),
              target === undefined ? nothing : formatBound(target),
            ];
          }),
        ),
      ],
      targets,
    };
  },
};

async function measure(
  { rounds, sliceMs, warmUpMs }: Effort,
  onProgress: (what: string) => void,
): Promise<ReadonlyMap<string, Rounds>> {
  const server = fork(program, { execArgv: ['--expose-gc'] });
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  try {
    const [{ ports, tokens }] = (await once(server, 'message')) as [Opening];
    const run = async (name: string, count: number, from: number): Promise<number> => {
      const before = await cpuTime(server);
      let index = from;
      const sendNext = async (): Promise<void> => {
        while (index < from + count) {
          // Known tokens are a hundred that take turns. The others differ from each other for a while.
          const token = tokens[index % (name === hotGate.name ? 100 : tokens.length)] ?? '';
          index += 1;
          await send(agent, ports[name] ?? 0, token);
        }
      };
      await Promise.all(Array.from({ length: connections }, sendNext));
      return ((await cpuTime(server)) - before) / count;
    };
    const figures = new Map<string, number[]>(applications.map(({ name }) => [name, []]));
    for (const { name } of applications) await run(name, warmUpMs * requestsPerMs, 0);
    for (let round = 0; round < rounds; round += 1) {
      onProgress(`whole requests, round ${round + 1} of ${rounds}`);
      for (const { name } of rotate(applications, round)) {
        const count = sliceMs * requestsPerMs;
        figures.get(name)?.push(await run(name, count, round * count));
      }
    }
    return figures;
  } finally {
    agent.destroy();
    server.disconnect();
  }
}

/** Microseconds, of the program and of the system for it. */
async function cpuTime(server: ChildProcess): Promise<number> {
  const answer = once(server, 'message');
  server.send('cpu');
  const [{ user, system }] = (await answer) as [NodeJS.CpuUsage];
  return user + system;
}

/** @throws When it is not accepted. */
function send(agent: Agent, port: number, token: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        ...{ agent, port, host: '127.0.0.1', method: 'POST', path: '/mcp' },
        headers: {
          Authorization: `Bearer ${token}`,
          'Content-Type': 'application/json',
          Accept: 'application/json, text/event-stream',
          'Content-Length': Buffer.byteLength(requestBody),
        },
      },
      (response) => {
        response.resume();
        response.on('end', () => {
          if (response.statusCode === 200) resolve();
          else reject(new Error(`a good request was answered with ${response.statusCode}`));
        });
      },
    );
    sent.on('error', reject);
    sent.end(requestBody);
  });
}

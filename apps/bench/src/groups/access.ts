import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openAccessLanes, plainGate } from '../contestants/access-rules.ts';
import { formatMicroseconds, formatSpread, nothing } from '../report/figures.ts';
import { renderTable } from '../report/markdown.ts';
import { measureRounds } from '../rounds/rounds.ts';
import { differences, spreadOf } from '../rounds/statistics.ts';
import { findFreePort } from '../servers/proxied.ts';
import type { Group } from './group.ts';

/** What each rule about callers adds to an accepted request. */
export const access: Group = {
  name: 'access',

  async run(effort, onProgress) {
    const redis = await startRedis();
    try {
      const { lanes, close } = await openAccessLanes(redis?.url);
      const timings = await measureRounds(lanes, effort, (round) =>
        onProgress(`rules about callers, round ${round} of ${effort.rounds}`),
      );
      await close();
      const plain = timings.get(plainGate) ?? [];
      return {
        title: 'Rules about callers',
        blocks: [
          'Microseconds for each accepted tool call, from the header fields to the decision, without a network ' +
            'and without a log. The credentials were seen before. The second column is what the rule adds in the ' +
            `same round.${redis === undefined ? ' `redis-server` is not installed, so the quota in Redis is missing.' : ' The call of the quota in Redis waits for one round trip over the loopback interface.'}`,
          renderTable(
            ['µs', 'whole decision', 'added'],
            lanes.map(({ name }) => {
              const own = timings.get(name) ?? [];
              const added =
                name === plainGate ? nothing : formatSpread(spreadOf(differences(own, plain)));
              return [name, formatSpread(spreadOf(own)), added];
            }),
          ),
        ],
        targets: [
          {
            what: 'The gate alone, in process: a token that was seen before',
            ...{ sense: 'at most', bound: 10, measured: spreadOf(plain).median },
            format: formatMicroseconds,
          },
        ],
      };
    } finally {
      await redis?.stop();
    }
  },
};

interface Redis {
  readonly url: string;
  stop(): Promise<void>;
}

/** @returns `undefined` where it is not installed. */
async function startRedis(): Promise<Redis | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'redis-'));
  const { port } = await findFreePort();
  const options = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
  const child = spawn('redis-server', options, { stdio: 'ignore' });
  let hasEnded = false;
  const ended = new Promise<void>((resolve) => {
    const end = (): void => {
      hasEnded = true;
      resolve();
    };
    child.on('error', end).on('close', end);
  });
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  while (!(await listens(port))) {
    if (hasEnded) {
      await stop();
      return undefined;
    }
    await sleep(20);
  }
  return { url: `redis://127.0.0.1:${port}`, stop };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

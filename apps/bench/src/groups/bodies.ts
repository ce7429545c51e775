import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { bodyShapes } from '../body-shapes.ts';
import { formatFigure, formatTimes } from '../figures.ts';
import type { Group } from '../group.ts';
import { createIssuer } from '../issuer.ts';
import { renderTable } from '../markdown.ts';
import { applications, hotGate } from '../mcp-request.ts';
import { mintTokens } from '../tokens.ts';

/** What the largest bodies cost a gate, and for how long they keep everybody else waiting. */
export const bodies: Group = {
  name: 'bodies',

  async run({ rounds }, onProgress) {
    const issuer = createIssuer('RS256');
    const [token = ''] = mintTokens(issuer, 1);
    const [bare, gated] = await Promise.all([applications[0], hotGate].map(open));
    const rows: string[][] = [];
    const ratios: number[] = [];
    const stalls: number[] = [];

    async function open(application: (typeof applications)[number] | undefined) {
      const server = application?.create(issuer).listen(0, '127.0.0.1');
      if (server === undefined) throw new Error('there is no application without a gate');
      await once(server, 'listening');
      return server;
    }

    try {
      for (const [name, { body, accepted }] of Object.entries(bodyShapes)) {
        onProgress(name);
        const wholes: Figures[] = [];
        const bares: Figures[] = [];
        for (let round = 0; round < rounds; round += 1) {
          bares.push(await send(bare, token, body, 200));
          wholes.push(await send(gated, token, body, accepted ? 200 : 400));
        }
        const [own, base] = [wholes, bares].map((all) => medianOf(all.map(({ cpu }) => cpu)));
        const stall = Math.max(...wholes.map((one) => one.stall));
        const ratio = (own ?? 0) / (base ?? 0);
        ratios.push(ratio);
        stalls.push(stall);
        rows.push([name, ...[base ?? 0, own ?? 0, ratio, stall].map(formatFigure)]);
      }
    } finally {
      for (const server of [bare, gated]) {
        server?.closeAllConnections();
        server?.close();
      }
    }
    const worst = { sense: 'at most' } as const;
    return {
      title: 'The largest bodies',
      blocks: [
        'Bodies of nearly 1 MiB over real sockets, with a token that is known. The figures are CPU time of the ' +
          'client and the server together, the median of all rounds. Without a gate, the server parses the body ' +
          'with `JSON.parse`. The stall is the longest delay of the event loop in all rounds.',
        renderTable(['ms', 'without a gate', 'with the gate', 'ratio', 'longest stall'], rows),
      ],
      targets: [
        {
          ...worst,
          what: 'A request with a gate over one without, for the worst body',
          ...{ bound: 2, measured: Math.max(...ratios), format: formatTimes },
        },
        {
          ...worst,
          what: 'The longest stall by one body',
          ...{ bound: 50, measured: Math.max(...stalls) },
          format: (value) => `${formatFigure(value)} ms`,
        },
      ],
    };
  },
};

/** Milliseconds. */
interface Figures {
  readonly cpu: number;
  readonly stall: number;
}

/** @throws When the answer has another status. */
async function send(
  server: Server | undefined,
  token: string,
  body: string,
  status: number,
): Promise<Figures> {
  if (server === undefined) throw new Error('the server did not start');
  const { port } = server.address() as AddressInfo;
  globalThis.gc?.();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const before = process.cpuUsage();
  const response = await fetch(`http://127.0.0.1:${port}/mcp`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${token}`,
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
    },
    body,
  });
  await response.arrayBuffer();
  const { user, system } = process.cpuUsage(before);
  delay.disable();
  if (response.status !== status) throw new Error(`it was answered with ${response.status}`);
  return { cpu: (user + system) / 1_000, stall: delay.max / 1e6 };
}

const medianOf = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[values.length >> 1] ?? Number.NaN;

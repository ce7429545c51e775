/** Callers of all kinds, each of which knows what it may get. */
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ofBalancer } from './balancer.ts';
import type { Fleet } from './chaos-parts.ts';

export const callers = [
  'good token',
  'too few scopes',
  'bad token',
  'greedy caller',
  'write note',
  'list notes',
  'SDK v2',
  'SDK v1 with a session',
] as const;
/** A kind of caller. */
export type Caller = (typeof callers)[number];

/** One request. */
export interface Outcome {
  readonly caller: Caller;
  readonly startedAt: number;
  readonly endedAt: number;
  /**
   * The status. `502 balancer` and `503 balancer`: no instance has answered. `notes away`: the tool said so. `new session`: 404, and
   * the client began anew. Everything else is wrong at any time.
   */
  readonly result: string;
}

/** A note that the server confirmed. */
export interface ConfirmedNote {
  readonly person: string;
  readonly id: string;
}

const longestMs = 20_000;
const people = Array.from({ length: 10 }, (_, index) => `person-${index}`);

interface Answer {
  readonly status: string;
  readonly text: string;
}

export interface Load {
  /** In the order of their ends. */
  readonly outcomes: Outcome[];
  readonly confirmed: readonly ConfirmedNote[];
  /** Every note of a person, over all pages. */
  listAll(person: string): Promise<ReadonlySet<string>>;
  /** Whether an instance serves tokens and notes. */
  isWell(port: number): Promise<boolean>;
  stop(): Promise<void>;
}

/** @param perSecond Requests of all callers together, but for the clients of the SDK. */
export async function startLoad(fleet: Fleet, perSecond: number): Promise<Load> {
  const { authorizationServer, balancer, sessionBalancer } = fleet;
  const outcomes: Outcome[] = [];
  const confirmed: ConfirmedNote[] = [];
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const mint = (subject: string, scope = 'read:data write:data') =>
    authorizationServer.mintToken({
      sub: subject,
      scope,
      exp: Math.floor(Date.now() / 1_000) + 3_600,
    });
  const tokens = new Map(
    await Promise.all(people.map(async (person) => [person, await mint(person)] as const)),
  );
  const [reader, greedy] = [await mint('reader', 'read:data'), await mint('greedy')];

  function call(
    token: string,
    name: string,
    input: object = {},
    port = balancer.port,
  ): Promise<Answer> {
    return new Promise((resolve) => {
      const body = JSON.stringify({ name, arguments: input });
      const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
      const sent = request(
        { host: '127.0.0.1', port, path: '/tools/call', method: 'POST', headers, agent },
        (response) => {
          const whose = response.headers[ofBalancer] === undefined ? '' : ' balancer';
          let text = '';
          response.setEncoding('utf8').on('data', (part: string) => {
            text += part;
          });
          response.on('end', () => resolve({ status: `${response.statusCode}${whose}`, text }));
          response.on('error', () => resolve({ status: 'cut', text }));
        },
      );
      sent.setTimeout(longestMs, () => sent.destroy(new Error('hang')));
      sent.on('error', ({ message }) =>
        resolve({ status: message === 'hang' ? 'hang' : 'cut', text: '' }),
      );
      sent.end(body);
    });
  }

  async function record(caller: Caller, work: () => Promise<string>): Promise<void> {
    const startedAt = performance.now();
    const result = await work();
    outcomes.push({ caller, startedAt, endedAt: performance.now(), result });
  }

  const tokenOf = (person: string) => tokens.get(person) ?? '';
  const kinds: Readonly<Record<string, (person: string, count: number) => Promise<void>>> = {
    whoami: (person) =>
      record('good token', async () => {
        const { status, text } = await call(tokenOf(person), 'whoami');
        if (status !== '200') return status;
        return subjectIn(text) === person ? '200' : 'somebody else';
      }),
    forbidden: () =>
      record(
        'too few scopes',
        async () => (await call(reader, 'write_note', { title: '', text: '' })).status,
      ),
    bad: () => record('bad token', async () => (await call('not.a.token', 'whoami')).status),
    greedy: () =>
      record('greedy caller', async () => (await call(greedy, 'hello', { name: 'me' })).status),
    write: (person, count) =>
      record('write note', async () => {
        const title = `${person} ${count}`;
        const { status, text } = await call(tokenOf(person), 'write_note', { title, text: 'text' });
        if (status !== '200') return status;
        const { isError, value } = resultIn(text);
        if (isError) return faultIn(text);
        confirmed.push({ person, id: String(value['id']) });
        return value['title'] === title ? '200' : 'another note';
      }),
    list: (person) =>
      record('list notes', async () => {
        const { status, text } = await call(tokenOf(person), 'list_notes', { limit: 20 });
        if (status !== '200') return status;
        const { isError, value } = resultIn(text);
        if (isError) return faultIn(text);
        const notes = value['notes'] as { title: string }[];
        return notes.every(({ title }) => title.startsWith(`${person} `))
          ? '200'
          : "another's notes";
      }),
  };
  const order = [
    'whoami',
    'list',
    'whoami',
    'write',
    'greedy',
    'whoami',
    'forbidden',
    'list',
    'bad',
    'whoami',
  ];

  let isStopped = false;
  const underWay = new Set<Promise<void>>();
  const sending = (async () => {
    const startedAt = performance.now();
    let count = 0;
    while (!isStopped) {
      const due = ((performance.now() - startedAt) * perSecond) / 1_000;
      for (; count < due; count += 1) {
        const kind = kinds[order[count % order.length] ?? ''];
        const one = kind?.(people[count % people.length] ?? '', count) ?? Promise.resolve();
        underWay.add(one);
        void one.finally(() => underWay.delete(one));
      }
      await sleep(5);
    }
  })();

  /** A client that stays, and that begins anew when its session is gone. */
  async function keepCalling(
    caller: Caller,
    person: string,
    open: (person: string) => Promise<OpenClient>,
  ) {
    let client: OpenClient | undefined;
    while (!isStopped) {
      await record(caller, async () => {
        try {
          client ??= await open(person);
          const answer = JSON.stringify(await client.callTool({ name: 'whoami', arguments: {} }));
          return answer.includes(person) ? '200' : 'somebody else';
        } catch (error) {
          const failed = client;
          client = undefined;
          void failed?.close().catch(() => {});
          return failureOf(error);
        }
      });
      await sleep(250);
    }
    await client?.close().catch(() => {});
  }

  const headersOf = (person: string) => ({
    requestInit: { headers: { Authorization: `Bearer ${tokenOf(person)}` } },
  });
  const clients = people.slice(0, 4).flatMap((person) => [
    keepCalling('SDK v2', person, async () => {
      const client = new Client({ name: 'chaos', version: '1.0.0' });
      const url = new URL(`http://127.0.0.1:${balancer.port}/mcp`);
      await client.connect(new StreamableHTTPClientTransport(url, headersOf(person)));
      return client;
    }),
    keepCalling('SDK v1 with a session', person, async () => {
      const client = new ClientV1({ name: 'chaos', version: '1.0.0' });
      const url = new URL(`http://127.0.0.1:${sessionBalancer.port}/mcp`);
      const transport = new TransportV1(url, headersOf(person));
      await client.connect(transport as Parameters<typeof client.connect>[0]);
      return client;
    }),
  ]);

  return {
    outcomes,
    confirmed,

    async listAll(person) {
      const ids = new Set<string>();
      let cursor: string | undefined;
      do {
        const { text } = await call(tokenOf(person), 'list_notes', { cursor });
        const { value } = resultIn(text);
        for (const { id } of value['notes'] as { id: string }[]) ids.add(id);
        cursor = value['nextCursor'] as string | undefined;
      } while (cursor !== undefined);
      return ids;
    },

    async isWell(port) {
      const { status, text } = await call(tokenOf('person-0'), 'list_notes', { limit: 1 }, port);
      return status === '200' && !resultIn(text).isError;
    },

    async stop() {
      isStopped = true;
      await Promise.all([sending, ...clients]);
      await Promise.all(underWay);
      agent.destroy();
    },
  };
}

interface OpenClient {
  callTool(call: { name: string; arguments: Record<string, unknown> }): Promise<unknown>;
  close(): Promise<void>;
}

function resultIn(text: string) {
  const { isError = false, content } = JSON.parse(text) as {
    isError?: boolean;
    content: readonly { readonly text: string }[];
  };
  const value: Record<string, unknown> = isError ? {} : JSON.parse(content[0]?.text ?? '{}');
  return { isError, value };
}

function faultIn(text: string): string {
  return text.includes('The notes cannot be reached now') ? 'notes away' : text.slice(0, 80);
}

function subjectIn(text: string): unknown {
  return resultIn(text).value['subject'];
}

/** Of an error of the SDK's clients. */
function failureOf(error: unknown): string {
  // The line of SDK v1 has the status as a code, the line of SDK v2 among its data.
  const {
    code,
    data,
    message = '',
  } = error as {
    readonly code?: unknown;
    readonly data?: { readonly status?: number };
    readonly message?: string;
  };
  const status = `${data?.status ?? (typeof code === 'number' ? code : '')}`;
  if (status === '404') return 'new session';
  if (status === '502') return '502 balancer';
  if (status === '503') return '503';
  return `${status} ${message.slice(0, 80)}`.trim();
}

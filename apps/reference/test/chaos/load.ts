/** Callers of all kinds, each of which says what it got. */
import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { ofBalancer, ofInstance } from './balancer.ts';
import type { Fleet } from './fleet.ts';
import type { Caller, Lag, Outcome } from './model.ts';
import { keepCalling } from './sdk-clients.ts';

/** A note that the server confirmed. */
export interface ConfirmedNote {
  readonly person: string;
  readonly id: string;
}

export interface Load {
  /** In the order of their ends. */
  readonly outcomes: Outcome[];
  readonly confirmed: readonly ConfirmedNote[];
  /** How late this process was. */
  readonly lags: readonly Lag[];
  /** Requests that were not sent, because this process was late or too many waited. */
  readonly skipped: number;
  /** Every note of a person, over all pages. */
  listAll(person: string): Promise<ReadonlySet<string>>;
  /** `undefined`: this instance serves tokens and notes. Otherwise what it answered. */
  findIllness(port: number): Promise<string | undefined>;
  stop(): Promise<void>;
}

// Nothing answers so late: the model says what is too late.
const longestMs = 60_000;
const maximumUnderWay = 100;
const people = Array.from({ length: 10 }, (_, index) => `person-${index}`);
const order: readonly (keyof typeof callerOf)[] = [
  ...(['whoami', 'list', 'forbidden', 'write', 'greedy', 'bad', 'whoami', 'steal'] as const),
  ...(['whoami', 'list', 'greedy', 'write', 'bad', 'session'] as const),
];
const callerOf = {
  whoami: 'good token',
  forbidden: 'too few scopes',
  bad: 'bad token',
  greedy: 'greedy caller',
  write: 'write note',
  list: 'list notes',
  steal: 'note of another',
  session: 'session of another',
} as const satisfies Record<string, Caller>;

interface Answer {
  readonly status: string;
  readonly text: string;
  readonly instance?: number;
}

type Got = Pick<Outcome, 'result' | 'instance'>;

/** @param perSecond Requests of all callers together, but for the clients of the SDK. It sends fewer while it is late. */
export async function startLoad(fleet: Fleet, perSecond: number): Promise<Load> {
  const { authorizationServer, balancer, sessionBalancer } = fleet;
  const outcomes: Outcome[] = [];
  const confirmed: ConfirmedNote[] = [];
  const lags: Lag[] = [];
  const agent = new Agent({ keepAlive: true, maxSockets: 2 * maximumUnderWay });
  const inAnHour = Math.floor(Date.now() / 1_000) + 3_600;
  const mint = (sub: string, scope = 'read:data write:data', exp = inAnHour) =>
    authorizationServer.mintToken({ sub, scope, exp });
  const tokens = new Map(
    await Promise.all(people.map(async (person) => [person, await mint(person)] as const)),
  );
  const [reader, greedy] = [await mint('reader', 'read:data'), await mint('greedy')];
  const badTokens = ['not.a.token', await mint('late', 'read:data', inAnHour - 7_200)];
  const tokenOf = (person: string) => tokens.get(person) ?? '';

  const post = (
    port: number,
    path: string,
    body: object,
    fields: Readonly<Record<string, string>>,
  ): Promise<Answer> =>
    new Promise((resolve) => {
      const headers = { 'Content-Type': 'application/json', ...fields };
      const sent = request(
        { host: '127.0.0.1', port, path, method: 'POST', headers, agent },
        (response) => {
          let text = '';
          const about = describe(response.headers);
          response.setEncoding('utf8').on('data', (part: string) => {
            text += part;
          });
          response.on('end', () =>
            resolve({ ...about, status: `${response.statusCode}${about.whose}`, text }),
          );
          response.on('error', () => resolve({ ...about, status: 'cut', text }));
        },
      );
      sent.setTimeout(longestMs, () => sent.destroy(new Error('hang')));
      sent.on('error', ({ message }) =>
        resolve({ status: message === 'hang' ? 'hang' : 'cut', text: '' }),
      );
      sent.end(JSON.stringify(body));
    });
  const call = (token: string, name: string, input: object = {}, port = balancer.port) =>
    post(port, '/tools/call', { name, arguments: input }, { Authorization: `Bearer ${token}` });

  async function record(caller: Caller, work: () => Promise<Got | undefined>): Promise<void> {
    const startedAt = performance.now();
    const got = await work();
    if (got !== undefined) outcomes.push({ caller, startedAt, endedAt: performance.now(), ...got });
  }

  let sessionId: string | undefined;
  const send: Readonly<
    Record<keyof typeof callerOf, (person: string, count: number) => Promise<Got | undefined>>
  > = {
    whoami: async (person) =>
      read(await call(tokenOf(person), 'whoami'), ({ subject }) =>
        subject === person ? '200' : 'somebody else',
      ),
    forbidden: async () => read(await call(reader, 'write_note', { title: '', text: '' })),
    bad: async (_person, count) => read(await call(badTokens[count % 2] ?? '', 'whoami')),
    greedy: async () => read(await call(greedy, 'hello', { name: 'me' }), () => '200'),

    async write(person, count) {
      const title = `${person} ${count}`;
      const answer = await call(tokenOf(person), 'write_note', { title, text: 'text' });
      return read(answer, (note) => {
        confirmed.push({ person, id: String(note['id']) });
        return note['title'] === title ? '200' : 'another note';
      });
    },

    list: async (person) =>
      read(await call(tokenOf(person), 'list_notes', { limit: 20 }), ({ notes }) =>
        (notes as { title: string }[]).every(({ title }) => title.startsWith(`${person} `))
          ? '200'
          : "another's notes",
      ),

    async steal(person) {
      const other = confirmed.findLast((note) => note.person !== person);
      if (other === undefined) return undefined;
      const answer = await call(tokenOf(person), 'read_note', { id: other.id });
      return read(answer, () => "another's note");
    },

    async session() {
      if (sessionBalancer === undefined || sessionId === undefined) return undefined;
      const body = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
      return read(
        await post(sessionBalancer.port, '/mcp', body, {
          Accept: 'application/json, text/event-stream',
          Authorization: `Bearer ${greedy}`,
          'Mcp-Session-Id': sessionId,
          'Mcp-Protocol-Version': '2025-06-18',
        }),
      );
    },
  };

  let isStopped = false;
  let skipped = 0;
  const underWay = new Set<Promise<void>>();
  const stepMs = 20;
  const sending = (async () => {
    let count = 0;
    let owed = 0;
    while (!isStopped) {
      const before = performance.now();
      await sleep(stepMs);
      const now = performance.now();
      lags.push({ from: before + stepMs, to: now });
      owed += (perSecond * (now - before)) / 1_000;
      // Late, or with too many that wait: to catch up would make it later still.
      const most = Math.min(1 + (perSecond * stepMs) / 250, maximumUnderWay - underWay.size);
      const now_ = Math.max(0, Math.min(Math.floor(owed), Math.floor(most)));
      skipped += Math.floor(owed) - now_;
      owed -= Math.floor(owed);
      for (let sent = 0; sent < now_; sent += 1, count += 1) {
        const kind = order[count % order.length] ?? 'whoami';
        const person = people[count % people.length] ?? '';
        const number = count;
        const one = record(callerOf[kind], () => send[kind](person, number));
        underWay.add(one);
        void one.finally(() => underWay.delete(one));
      }
    }
  })();

  const clients = people.slice(0, sessionBalancer === undefined ? 1 : 3).map((person) =>
    keepCalling({
      ...{ person, token: tokenOf(person), record, isStopped: () => isStopped },
      ...{ port: balancer.port, sessionPort: sessionBalancer?.port },
      onSession: (id) => {
        sessionId = id;
      },
    }),
  );

  return {
    outcomes,
    confirmed,
    lags,
    get skipped() {
      return skipped;
    },

    async listAll(person) {
      const ids = new Set<string>();
      let cursor: string | undefined;
      do {
        const { status, text } = await call(tokenOf(person), 'list_notes', { cursor });
        if (status !== '200') throw new Error(`notes cannot be listed: ${status}`);
        const { value, fault } = resultIn(text);
        if (fault !== undefined) throw new Error(`notes cannot be listed: ${fault}`);
        for (const { id } of value['notes'] as { id: string }[]) ids.add(id);
        cursor = value['nextCursor'] as string | undefined;
      } while (cursor !== undefined);
      return ids;
    },

    async findIllness(port) {
      const { result } = read(
        await call(tokenOf('person-0'), 'list_notes', { limit: 1 }, port),
        () => '200',
      );
      return result === '200' ? undefined : result;
    },

    async stop() {
      isStopped = true;
      await Promise.all([sending, ...clients]);
      await Promise.all(underWay);
      agent.destroy();
    },
  };
}

function describe(headers: IncomingHttpHeaders): { whose: string; instance?: number } {
  const instance = headers[ofInstance];
  return {
    whose: headers[ofBalancer] === undefined ? '' : ' balancer',
    ...(instance !== undefined && { instance: Number(instance) }),
  };
}

/** @param judge Says what the value of a tool means. Default: no tool should have run. */
function read(
  { status, text, instance }: Answer,
  judge: (value: Readonly<Record<string, unknown>>) => string = () => status,
): Got {
  const who = instance === undefined ? {} : { instance };
  if (status !== '200') return { result: status, ...who };
  const { value, fault } = resultIn(text);
  return { result: fault ?? judge(value), ...who };
}

const meanings: readonly (readonly [sentence: string, fault: string])[] = [
  ['The notes cannot be reached now', 'notes away'],
  ['You have no such note', 'not found'],
];

function resultIn(text: string): { value: Readonly<Record<string, unknown>>; fault?: string } {
  const { isError = false, content } = JSON.parse(text) as {
    isError?: boolean;
    content: readonly { readonly text: string }[];
  };
  const said = content[0]?.text ?? '';
  if (!isError) return { value: said.startsWith('{') ? JSON.parse(said) : {} };
  const meaning = meanings.find(([sentence]) => said.includes(sentence));
  return { value: {}, fault: meaning?.[1] ?? said.slice(0, 80) };
}

/** Callers of all kinds, each of which says what it got. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createCalls, type Got, read, readResult } from './calls.ts';
import type { Fleet } from './fleet.ts';
import type { Caller, Lag, Outcome } from './model.ts';
import { createPace } from './pace.ts';
import { keepCalling } from './sdk-clients.ts';

/** A note that the server confirmed. */
interface ConfirmedNote {
  readonly person: string;
  readonly id: string;
}

export interface Load {
  /** In the order of their ends. */
  readonly outcomes: Outcome[];
  readonly confirmed: readonly ConfirmedNote[];
  /** How late this process was. */
  readonly lags: readonly Lag[];
  /** Every note of a person, over all pages. */
  listAll(person: string): Promise<ReadonlySet<string>>;
  /** `undefined`: this instance serves tokens and notes. Otherwise what it answered. */
  findIllness(port: number): Promise<string | undefined>;
  stop(): Promise<void>;
}

// Those of one kind that wait must not keep others from being sent.
const maximumOfOneKind = 4;
const stepMs = 20;
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

/** @param perSecond Requests of all callers together, but for the clients of the SDK. It sends fewer while it is late. */
export async function startLoad(fleet: Fleet, perSecond: number): Promise<Load> {
  const { authorizationServer, balancer, sessionBalancer } = fleet;
  const outcomes: Outcome[] = [];
  const confirmed: ConfirmedNote[] = [];
  const lags: Lag[] = [];
  const { post, close } = createCalls(256);
  const inAnHour = Math.floor(Date.now() / 1_000) + 3_600;
  const mint = (sub: string, scope = 'read:data write:data') =>
    authorizationServer.mintToken({ sub, scope, exp: inAnHour });
  const tokens = new Map(
    await Promise.all(people.map(async (person) => [person, await mint(person)] as const)),
  );
  const [reader, greedy] = [await mint('reader', 'read:data'), await mint('greedy')];
  // Expired tokens are no failures for the limit: these two are.
  const badTokens = [
    'not.a.token',
    `${reader.slice(0, reader.lastIndexOf('.'))}.${'A'.repeat(86)}`,
  ];
  const tokenOf = (person: string) => tokens.get(person) ?? '';

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
  const underWay = new Map<Promise<void>, keyof typeof callerOf>();
  const sending = (async () => {
    const pace = createPace(perSecond);
    for (let count = 0; !isStopped; ) {
      const before = performance.now();
      await sleep(stepMs);
      const now = performance.now();
      lags.push({ from: before + stepMs, to: now });
      const { from, to } = balancer.lags.at(-1) ?? { from: 0, to: 0 };
      const lagMs = Math.max(now - before - stepMs, to - from);
      for (let due = pace.due(now - before, lagMs); due > 0; due -= 1, count += 1) {
        const number = count;
        const kind = order[number % order.length] ?? 'whoami';
        const person = people[number % people.length] ?? '';
        const waiting = [...underWay.values()].filter((each) => each === kind).length;
        if (waiting >= maximumOfOneKind) continue;
        const one = record(callerOf[kind], () => send[kind](person, number));
        underWay.set(one, kind);
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

    async listAll(person) {
      const ids = new Set<string>();
      let cursor: string | undefined;
      do {
        const { status, text } = await call(tokenOf(person), 'list_notes', { cursor });
        if (status !== '200') throw new Error(`notes cannot be listed: ${status}`);
        const { value, fault } = readResult(text);
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
      await Promise.all(underWay.keys());
      close();
    },
  };
}

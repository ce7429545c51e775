/** Faults under load: what every request may get while each of them lasts. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Caller, callers, type Load, type Outcome, startLoad } from './chaos-load.ts';
import { type Fleet, fleetSize, type Instance, type Service, startFleet } from './chaos-parts.ts';
import type { Cut } from './relay.ts';

/** What may go wrong for a request while a fault lasts. */
type Effect = 'instance dies' | 'no keys' | 'notes away' | 'counts alone';

/** One fault. */
interface Fault {
  readonly name: string;
  readonly effects: readonly Effect[];
  /** It resolves when the fault is there. */
  begin(fleet: Fleet): Promise<void>;
  /** It resolves when its cause is gone. */
  end(fleet: Fleet): Promise<void>;
}

const always: Readonly<Record<Caller, readonly string[]>> = {
  'good token': ['200'],
  'too few scopes': ['403'],
  'bad token': ['401', '429'],
  'greedy caller': ['200', '429'],
  'write note': ['200'],
  'list notes': ['200'],
  'SDK v2': ['200'],
  'SDK v1 with a session': ['200'],
};

const may: Readonly<Record<Effect, (caller: Caller) => readonly string[]>> = {
  // Its connections break, and when no instance is left, the balancer says so. Its sessions are gone.
  'instance dies': (caller) => [
    ...['502 balancer', '503 balancer'],
    ...(caller.startsWith('SDK') ? ['503', 'new session'] : []),
  ],
  // An instance that starts has none yet: it cannot tell whether a token is good.
  'no keys': (caller) => (caller === 'bad token' ? [] : ['503']),
  'notes away': (caller) =>
    caller.endsWith('note') || caller.endsWith('notes') ? ['notes away'] : [],
  'counts alone': () => [],
};

const everyone = Array.from({ length: fleetSize }, (_, index) => index);
const cuts: readonly Cut[] = ['refuse', 'hang', 'reset'];
const effectOf: Readonly<Record<Service, Effect>> = {
  redis: 'counts alone',
  postgres: 'notes away',
  'authorization server': 'no keys',
};

async function onBoth(
  { instances, sessionInstances }: Fleet,
  chosen: readonly number[],
  work: (instance: Instance) => Promise<unknown>,
): Promise<void> {
  const both = chosen.flatMap((index) => [instances[index], sessionInstances[index]]);
  await Promise.all(both.flatMap((instance) => (instance === undefined ? [] : [work(instance)])));
}

function ending(signal: 'SIGTERM' | 'SIGKILL', chosen: readonly number[]): Fault {
  const word = signal === 'SIGTERM' ? 'stopped' : 'killed';
  return {
    name: `${chosen.length === 1 ? 'one instance' : 'all instances'} ${word}`,
    // One that is stopped in order loses no request, only its sessions.
    effects: ['instance dies'],
    begin: (fleet) => onBoth(fleet, chosen, (instance) => instance.end(signal)),
    end: (fleet) => onBoth(fleet, chosen, (instance) => instance.start()),
  };
}

function cutting(service: Service, cut: Cut, chosen: readonly number[]): Fault {
  return {
    name: `${service}: ${cut}, for ${chosen.length === 1 ? 'one' : 'all'}`,
    effects: [effectOf[service]],
    begin: (fleet) => onBoth(fleet, chosen, ({ relays }) => relays[service].cut(cut)),
    end: (fleet) => onBoth(fleet, chosen, ({ relays }) => relays[service].cut(undefined)),
  };
}

/** An instance that starts while a service is away. */
function startingWithout(service: Service): Fault {
  const cut = cutting(service, 'refuse', [2]);
  return {
    name: `an instance starts without ${service}`,
    effects: [...cut.effects, 'instance dies'],
    async begin(fleet) {
      await cut.begin(fleet);
      await onBoth(fleet, [2], (instance) => instance.end('SIGKILL'));
      await onBoth(fleet, [2], (instance) => instance.start());
    },
    end: cut.end,
  };
}

function together(name: string, faults: readonly Fault[]): Fault {
  return {
    name,
    effects: [...new Set(faults.flatMap(({ effects }) => effects))],
    async begin(fleet) {
      for (const { begin } of faults) await begin(fleet);
    },
    async end(fleet) {
      for (const { end } of faults) await end(fleet);
    },
  };
}

const services: readonly Service[] = ['redis', 'postgres', 'authorization server'];
/** All faults, in the order in which they come. */
export const faults: readonly Fault[] = [
  { name: 'none', effects: [], begin: async () => {}, end: async () => {} },
  ending('SIGTERM', [0]),
  ending('SIGKILL', [1]),
  ...services.flatMap((service) => cuts.map((cut, index) => cutting(service, cut, [index]))),
  ...services.map(startingWithout),
  ...services.map((service) => cutting(service, 'hang', everyone)),
  {
    name: 'redis killed',
    effects: ['counts alone'],
    begin: ({ redis }) => redis.kill(),
    end: ({ redis }) => redis.start(),
  },
  {
    name: 'postgres killed',
    effects: ['notes away'],
    begin: ({ postgres }) => postgres.kill(),
    end: ({ postgres }) => postgres.start(),
  },
  together('all services away, and an instance killed', [
    cutting('redis', 'hang', everyone),
    cutting('postgres', 'reset', everyone),
    cutting('authorization server', 'refuse', everyone),
    ending('SIGKILL', [3]),
  ]),
  ending('SIGKILL', everyone),
];

/** From before a fault until everything was well again. */
export interface Period {
  readonly fault: Fault;
  readonly from: number;
  readonly to: number;
}

export interface ChaosRun {
  readonly periods: readonly Period[];
  readonly outcomes: readonly Outcome[];
  readonly confirmed: number;
  /** Confirmed notes that are not there at the end. */
  readonly lost: readonly string[];
  readonly limits: Fleet['limits'];
}

const longestRecoveryMs = 180_000;

/** @param seconds How long all of it takes, at least: each fault lasts its part of it. */
export async function runChaos(seconds: number, perSecond: number): Promise<ChaosRun> {
  const fleet = await startFleet();
  try {
    const load = await startLoad(fleet, perSecond);
    await untilWell(fleet, load, 'the start');
    load.outcomes.length = 0;
    const periods: Period[] = [];
    const partMs = (seconds * 1_000) / faults.length / 2;
    for (const fault of faults) {
      const from = performance.now();
      process.stdout.write(`${fault.name}\n`);
      await fault.begin(fleet);
      await sleep(partMs);
      await fault.end(fleet);
      await untilWell(fleet, load, fault.name);
      periods.push({ fault, from, to: performance.now() });
      await sleep(partMs);
    }
    await load.stop();
    const people = new Set(load.confirmed.map(({ person }) => person));
    const there = new Map<string, ReadonlySet<string>>();
    for (const person of people) there.set(person, await load.listAll(person));
    const lost = load.confirmed.filter(({ person, id }) => there.get(person)?.has(id) !== true);
    return {
      ...{ periods, outcomes: load.outcomes, confirmed: load.confirmed.length },
      ...{ lost: lost.map(({ id }) => id), limits: fleet.limits },
    };
  } finally {
    await fleet.stop();
  }
}

/** Every instance serves tokens and notes, over ten answers in a row, and gets requests again. */
async function untilWell(fleet: Fleet, load: Load, name: string): Promise<void> {
  const end = performance.now() + longestRecoveryMs;
  for (let inARow = 0; inARow < 10; ) {
    if (performance.now() > end) throw new Error(`not well again after "${name}"`);
    const answers = await Promise.all(fleet.instances.map(({ port }) => load.isWell(port)));
    const serve = everyone.every(
      (index) => fleet.balancer.isServing(index) && fleet.sessionBalancer.isServing(index),
    );
    inARow = serve && answers.every(Boolean) ? inARow + 1 : 0;
    await sleep(100);
  }
}

/** What a request may get that lasted from one time to another. */
export function allowedFor(
  { caller, startedAt, endedAt }: Outcome,
  periods: readonly Period[],
): ReadonlySet<string> {
  const present = periods.filter(({ from, to }) => startedAt <= to && endedAt >= from);
  const effects = present.flatMap(({ fault }) => fault.effects);
  return new Set([...always[caller], ...effects.flatMap((effect) => may[effect](caller))]);
}

/** Faults × callers × outcomes, as text. A request belongs to the fault in which it began, or to none. */
export function toTable({ periods, outcomes }: ChaosRun): string {
  const rows = ['between the faults', ...periods.map(({ fault }) => fault.name)];
  return rows
    .map((row) => {
      const period = periods.find(({ fault }) => fault.name === row);
      const isIn = ({ startedAt }: Outcome, { from, to }: Period) =>
        startedAt >= from && startedAt < to;
      const mine = outcomes.filter((outcome) =>
        period === undefined ? !periods.some((each) => isIn(outcome, each)) : isIn(outcome, period),
      );
      const cells = callers.map((caller) => {
        const counts = new Map<string, number>();
        for (const { result } of mine.filter((each) => each.caller === caller)) {
          counts.set(result, (counts.get(result) ?? 0) + 1);
        }
        const texts = [...counts].toSorted().map(([result, count]) => `${result} × ${count}`);
        return `    ${caller.padEnd(22)} ${texts.join(', ')}`;
      });
      const duration =
        period === undefined ? '' : ` (${Math.round((period.to - period.from) / 1_000)} s)`;
      return [`${row}${duration}`, ...cells].join('\n');
    })
    .join('\n');
}

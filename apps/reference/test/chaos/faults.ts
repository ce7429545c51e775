/** Faults of instances, of networks and of services, alone and together. */

import type { Fleet, Instance, Service } from './fleet.ts';
import type { Effect } from './model.ts';
import { shuffle } from './random.ts';
import type { Cut } from './relay.ts';

/** One fault. */
export interface Fault {
  readonly name: string;
  readonly effects: readonly Effect[];
  /** It resolves when the fault is there. */
  begin(fleet: Fleet): Promise<void>;
  /** It resolves when its cause is gone. */
  end(fleet: Fleet): Promise<void>;
}

const effectsOf: Readonly<Record<Service, readonly Effect[]>> = {
  redis: ['counts alone'],
  postgres: ['notes away'],
  // An instance that runs has its keys.
  'authorization server': [],
};
const services: readonly Service[] = ['redis', 'postgres', 'authorization server'];
const cuts: readonly Cut[] = ['refuse', 'hang', 'reset'];

async function onBoth(
  { instances, sessionInstances }: Fleet,
  chosen: readonly number[],
  work: (instance: Instance) => Promise<unknown>,
): Promise<void> {
  const both = chosen.flatMap((index) => [instances[index], sessionInstances[index]]);
  await Promise.all(both.flatMap((instance) => (instance === undefined ? [] : [work(instance)])));
}

const nameOf = (chosen: readonly number[]) =>
  chosen.length === 1 ? `instance ${chosen[0]}` : 'all instances';

const none: Fault = {
  name: 'none',
  effects: [],
  begin: async () => {},
  end: async () => {},
};

function ending(signal: 'SIGTERM' | 'SIGKILL', chosen: readonly number[]): Fault {
  const isStopped = signal === 'SIGTERM';
  return {
    name: `${nameOf(chosen)} ${isStopped ? 'stopped' : 'killed'}`,
    effects: [isStopped ? 'instance stopped' : 'instance killed'],
    begin: (fleet) => onBoth(fleet, chosen, (instance) => instance.end(signal)),
    end: (fleet) => onBoth(fleet, chosen, (instance) => instance.start()),
  };
}

function cutting(service: Service, cut: Cut, chosen: readonly number[]): Fault {
  return {
    name: `${service}: ${cut}, for ${nameOf(chosen)}`,
    effects: effectsOf[service],
    begin: (fleet) => onBoth(fleet, chosen, ({ relays }) => relays[service].cut(cut)),
    end: (fleet) => onBoth(fleet, chosen, ({ relays }) => relays[service].cut(undefined)),
  };
}

/** An instance is killed, and starts again while services are away from it. */
function startingWithout(away: readonly Service[], chosen: number): Fault {
  const faults = away.map((service) => cutting(service, 'refuse', [chosen]));
  const noKeys: readonly Effect[] = away.includes('authorization server') ? ['no keys'] : [];
  return {
    name: `instance ${chosen} starts without ${away.join(', ')}`,
    effects: [...faults.flatMap(({ effects }) => effects), 'instance killed', ...noKeys],
    async begin(fleet) {
      await Promise.all(faults.map(({ begin }) => begin(fleet)));
      await onBoth(fleet, [chosen], (instance) => instance.end('SIGKILL'));
      await onBoth(fleet, [chosen], (instance) => instance.start());
    },
    async end(fleet) {
      await Promise.all(faults.map(({ end }) => end(fleet)));
    },
  };
}

const redisKilled: Fault = {
  name: 'redis killed',
  effects: effectsOf.redis,
  begin: ({ redis }) => redis.kill(),
  end: ({ redis }) => redis.start(),
};

const postgresKilled: Fault = {
  name: 'postgres killed',
  effects: effectsOf.postgres,
  begin: ({ postgres }) => postgres.kill(),
  end: ({ postgres }) => postgres.start(),
};

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

/** Every fault once, in an order and at instances that a seed decides. */
export function allFaults(size: number, random: () => number): readonly Fault[] {
  const everyone = Array.from({ length: size }, (_, index) => index);
  const any = () => Math.floor(random() * size);
  const faults = [
    ending('SIGTERM', [any()]),
    ending('SIGKILL', [any()]),
    ending('SIGKILL', everyone),
    ...services.flatMap((service) => cuts.map((cut) => cutting(service, cut, [any()]))),
    ...services.map((service) => startingWithout([service], any())),
    ...services.map((service) => cutting(service, 'hang', everyone)),
    redisKilled,
    postgresKilled,
    startingWithout(services, any()),
    together('all services away, and an instance killed', [
      cutting('redis', 'hang', everyone),
      cutting('postgres', 'reset', everyone),
      cutting('authorization server', 'refuse', everyone),
      ending('SIGKILL', [any()]),
    ]),
  ];
  return [none, ...shuffle(faults, random)];
}

/** One of each kind, for two instances. Two processes are started. */
export const fewFaults: readonly Fault[] = [
  none,
  ending('SIGTERM', [0]),
  redisKilled,
  postgresKilled,
  startingWithout(['authorization server'], 1),
  together('all services away', [
    cutting('redis', 'hang', [0, 1]),
    cutting('postgres', 'hang', [0, 1]),
    cutting('authorization server', 'refuse', [0, 1]),
  ]),
];
